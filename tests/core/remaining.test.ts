import { describe, expect, it } from '@jest/globals';
import type { CompletedOrder } from '../../src/core/order.ts';
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
  pauseRequested,
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

  it('what is in flight while it waits to be undone, and then what is to be undone yet', async () => {
    const undoing = {
      workflow: workflow({ pre: ['A'], parallel: ['B', 'C', 'D'] }),
      plugins: ['A', 'B', 'C', 'D'].map((name) => plugin(name, { compensates: true })),
    };
    const past = [accepted(), completed('t1', 1), completed('t2', 2), cancelRequested(3)];
    expect(await remainingAfter(undoing, ...past)).toBe(2);
    const undone = [...past, completed('t3', 3, 4), failedForGood('t4', 5)];
    expect(await remainingAfter(undoing, ...undone)).toBe(3);
    expect(await remainingAfter(undoing, ...undone, completed('t5', null, 6))).toBe(2);
    const inARow = { ...undoing, workflow: workflow({ pre: ['A', 'B', 'C'], parallel: ['D'] }) };
    const all = [accepted(), ...['t1', 't2', 't3'].map((id) => completed(id, id))];
    expect(await remainingAfter(inARow, ...all, failedForGood('t4', 4))).toBe(3);
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

  it('those that are over, while it is paused or waits', async () => {
    const paused = [accepted(), completed('t1', 1), pauseRequested(2)];
    expect(await progressAfter(setting, ...paused)).toEqual({ done: 1, total: 4 });
    const waits = [accepted(), ...['t1', 't2', 't3'].map((id) => completed(id, 1))];
    expect((await given(setting, ...waits).told()).state.status).toBe('waiting');
    expect(await progressAfter(setting, ...waits)).toEqual({ done: 3, total: 4 });
  });

  it('nothing that can be said once it is undone', async () => {
    const undoable = {
      ...setting,
      plugins: [plugin('A', { compensates: true }), ...registered.slice(1)],
    };
    const undoing = [accepted(), completed('t1', 1), failedForGood('t2'), completed('t3', 1)];
    expect((await given(undoable, ...undoing).told()).state.status).toBe('compensating');
    expect(await progressAfter(undoable, ...undoing)).toBeUndefined();
    const undone = [...undoing, completed('t4', null)];
    expect((await given(undoable, ...undone).told()).state.status).toBe('failed');
    expect(await progressAfter(undoable, ...undone)).toBeUndefined();
  });

  // Was: nothing was said of an order that failed at a task that could be undone, though none of it was done, and it can be retried.
  it('what it had done when it failed, where nothing was to be undone', async () => {
    const undoable = {
      ...row,
      plugins: [...registered.slice(1), plugin('A', { compensates: true })],
    };
    expect(await progressAfter(undoable, accepted(), failedForGood('t1'))).toEqual({
      done: 0,
      total: 3,
    });
  });

  it('nothing that can be said where an older version has completed it', async () => {
    const { state } = await given({ workflow: todo('A'), plugins: registered }, accepted())
      .when(completed('t1', 1))
      .told();
    const { taskCount: _, ...older } = state as CompletedOrder;
    expect(taskProgress(older, three, new Map())).toBeUndefined();
  });

  it('nothing that can be said once it was cancelled', async () => {
    expect(await progressAfter(row, accepted(), cancelRequested())).toBeUndefined();
  });
});
