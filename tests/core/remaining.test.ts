import { describe, expect } from '@jest/globals';
import type { Plugin } from '../../src/core/plugin.ts';
import { remainingTasks } from '../../src/core/remaining.ts';
import type { Happening } from './order-specification.ts';
import { given } from './order-specification.ts';
import {
  accepted,
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
