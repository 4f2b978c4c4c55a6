import { describe, expect } from '@jest/globals';
import type { Plugin } from '../../src/core/plugin.ts';
import { remainingTasks, taskProgress } from '../../src/core/remaining.ts';
import type { Happening } from './order-specification.ts';
import { given } from './order-specification.ts';
import {
  accepted,
  cancelRequested,
  completed,
  failedForGood,
  joins,
  plugin,
  plugins,
  todo,
  workflow,
} from './vocabulary.ts';

const registered = plugins('A', 'B', 'C', 'D');
const three = workflow({ pre: ['A'], parallel: ['B', 'C'], post: [{ waitSeconds: 60 }, 'D'] });

async function remainingAfter(
  setting: { workflow: typeof three; plugins: readonly Plugin[] },
  ...past: Happening[]
) {
  const { state } = await given(setting, ...past).told();
  const known = new Map(setting.plugins.map((one) => [one.name, one]));
  return remainingTasks(state, setting.workflow, known);
}

describe('an order has yet to get done', () => {
  const setting = { workflow: three, plugins: registered };

  it('all its tasks before it has started; a wait is none', async () => {
    expect(await remainingAfter(setting)).toBe(4);
  });

  it('the task in flight and those after it', async () => {
    expect(await remainingAfter(setting, accepted())).toBe(4);
    expect(await remainingAfter(setting, accepted(), completed('t1', 1))).toBe(3);
    expect(await remainingAfter(setting, accepted(), completed('t1', 1), completed('t2', 1))).toBe(
      2,
    );
  });

  it('nothing when it has ended', async () => {
    const failing = { workflow: todo('A', 'B'), plugins: registered };
    expect(await remainingAfter(failing, accepted(), failedForGood('t1'))).toBe(0);
  });

  it('a task for each plugin that is registered where everyone takes part', async () => {
    const everyone = workflow({ parallel: '*' });
    const two = [plugin('A', joins()), plugin('B', joins()), plugin('C')];
    expect(await remainingAfter({ workflow: everyone, plugins: two })).toBe(2);
  });
});

describe('of all its tasks an order has done', () => {
  async function progressAfter(
    setting: { workflow: typeof three; plugins: readonly Plugin[] },
    ...past: Happening[]
  ) {
    const { state } = await given(setting, ...past).told();
    const known = new Map(setting.plugins.map((one) => [one.name, one]));
    return taskProgress(state, setting.workflow, known);
  }
  const setting = { workflow: three, plugins: registered };
  const row = { workflow: workflow({ pre: ['A', 'B', 'C'] }), plugins: registered };

  it('none before it starts, and all when it has completed', async () => {
    expect(await progressAfter(setting)).toEqual({ done: 0, total: 4 });
    const all = [completed('t1', 1), completed('t2', 1), completed('t3', 1)];
    expect(await progressAfter(row, accepted(), ...all)).toEqual({ done: 3, total: 3 });
  });

  it('those that are over, in its stage and before', async () => {
    const past = [accepted(), completed('t1', 1), completed('t2', 1)];
    expect(await progressAfter(setting, ...past)).toEqual({ done: 2, total: 4 });
  });

  it('all but the one that failed it, and those after that', async () => {
    const past = [accepted(), completed('t1', 1), failedForGood('t2')];
    expect(await progressAfter(row, ...past)).toEqual({ done: 1, total: 3 });
  });

  it('an optional one that failed, too', async () => {
    const optional = { plugin: 'A', mandatory: false };
    const lenient = { ...row, workflow: workflow({ pre: [optional, 'B'] }) };
    expect(await progressAfter(lenient, accepted(), failedForGood('t1'))).toEqual({
      done: 1,
      total: 2,
    });
  });

  it('nothing that can be said once it was cancelled', async () => {
    expect(await progressAfter(row, accepted(), cancelRequested())).toBeUndefined();
  });
});
