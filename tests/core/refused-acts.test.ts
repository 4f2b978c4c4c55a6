import { describe, expect, it } from '@jest/globals';
import type { OrderEvent } from '../../src/core/event.ts';
import type { Happening, Setting } from './order-specification.ts';
import { given } from './order-specification.ts';
import {
  accepted,
  cancelRequested,
  completed,
  failedForGood,
  pauseRequested,
  plugin,
  plugins,
  resumeRequested,
  retryRequested,
  skipRequested,
  undoRequested,
  workflow,
} from './vocabulary.ts';

const inARow: Setting = {
  workflow: workflow({ pre: ['A', 'B'] }),
  plugins: [plugin('A', { compensates: true }), plugin('B')],
};
const running: readonly Happening[] = [accepted()];
const undoing: readonly Happening[] = [accepted(), completed('t1', 'a'), failedForGood('t2')];
const undone: readonly Happening[] = [...undoing, completed('t3', null)];
const stuck: readonly Happening[] = [...undoing, failedForGood('t3')];
const cancelled: readonly Happening[] = [accepted(), cancelRequested(1), completed('t1', 'a')];

/** What an act is refused with, if it is: nothing has happened then. */
async function refusalOf(setting: Setting, past: readonly Happening[], act: OrderEvent) {
  const { last } = await given(setting, ...past)
    .when(act)
    .told();
  const [{ reason, code } = {}] = last.ignored;
  expect(last.applied).toEqual([]);
  return { code, reason };
}

describe('an act that an order does not take is refused by name, with a reason', () => {
  const bothFailed = [accepted(), failedForGood('t1'), failedForGood('t2')];
  const both: Setting = {
    workflow: workflow({ parallel: ['A', 'B'] }),
    plugins: plugins('A', 'B'),
  };
  const pivoted: Setting = {
    ...inARow,
    workflow: { ...workflow({ pre: ['A'] }, { pre: ['B'] }), pivot: 'a1' },
  };
  const careful: Setting = { ...inARow, workflow: { ...inARow.workflow, pauseOnFailure: true } };

  it.each<[string, Setting, readonly Happening[], OrderEvent, string, string]>([
    [
      'a resume of one that is not paused',
      inARow,
      running,
      resumeRequested(1),
      'ORDER_NOT_PAUSED',
      'it is not paused: running',
    ],
    [
      'a pause of one that has ended',
      inARow,
      undone,
      pauseRequested(1),
      'ORDER_ENDED',
      'the order has ended: failed',
    ],
    [
      'anything of one that is being undone',
      inARow,
      undoing,
      resumeRequested(1),
      'ORDER_COMPENSATING',
      'it is being undone, and ends by itself',
    ],
    [
      'a cancel past the pivot',
      pivoted,
      [accepted(), completed('t1', 'a')],
      cancelRequested(1),
      'PAST_PIVOT',
      'it is past its pivot, a1: cancel it with `undo: false`',
    ],
    [
      'a retry of one that has not failed',
      inARow,
      running,
      retryRequested(1),
      'ORDER_NOT_FAILED',
      'it has not failed: running',
    ],
    [
      'a retry of one that somebody paused',
      inARow,
      [accepted(), pauseRequested(1)],
      retryRequested(2),
      'ORDER_NOT_FAILED',
      'it has not failed: paused',
    ],
    [
      'a retry of one that has been undone',
      inARow,
      undone,
      retryRequested(1),
      'ALREADY_UNDONE',
      'what it had done has been undone: place a new order',
    ],
    [
      'another input for an undoing',
      inARow,
      stuck,
      retryRequested(1, { input: 1 }),
      'RETRY_NOT_POSSIBLE',
      'its undoing is retried as it was: leave `input` and `version` out',
    ],
    [
      'another version for an undoing',
      inARow,
      stuck,
      retryRequested(1, { version: 1 }),
      'RETRY_NOT_POSSIBLE',
      'its undoing is retried as it was: leave `input` and `version` out',
    ],
    [
      'one input for two tasks',
      both,
      bothFailed,
      retryRequested(1, { input: 1 }),
      'RETRY_NOT_POSSIBLE',
      '2 tasks have failed: for which of them is the input?',
    ],
    [
      'another version for one that does a slice, whatever that version is',
      {
        workflow: workflow({ parallel: [{ plugin: 'A', forEach: 'payload' }] }),
        ...{ plugins: plugins('A'), input: [1], versions: [{ ...workflow(), version: 2 }] },
        slice: { activity: 0, step: 0, from: 0, tolerated: 0 },
      },
      [accepted(), failedForGood('t1')],
      retryRequested(1, { version: 2 }),
      'RETRY_NOT_POSSIBLE',
      'it does a slice of a list, and keeps the version of the order that has the list',
    ],
    [
      'another version for one that is paused',
      careful,
      [accepted(), failedForGood('t1')],
      retryRequested(1, { version: 1 }),
      'RETRY_NOT_POSSIBLE',
      'it is paused: only a failed order moves to another version',
    ],
    [
      'one input for two tasks of one that is paused',
      { ...both, workflow: { ...both.workflow, pauseOnFailure: true } },
      bothFailed,
      retryRequested(1, { input: 1 }),
      'RETRY_NOT_POSSIBLE',
      '2 tasks have failed: for which of them is the input?',
    ],
    [
      'a skip of a task that has completed',
      inARow,
      [accepted(), completed('t1', 'a')],
      skipRequested('A', 1),
      'TASK_NOT_OPEN',
      'it has no task A that is open or has failed',
    ],
    [
      'a skip in an undoing',
      inARow,
      stuck,
      skipRequested('undo A', 1),
      'TASK_NOT_OPEN',
      'it has no task undo A that is open or has failed',
    ],
    [
      'a skip before the order has started',
      inARow,
      [],
      skipRequested('A', 1),
      'TASK_NOT_OPEN',
      'it has no task A that is open or has failed',
    ],
  ])('%s', async (_, setting, past, act, code, reason) => {
    expect(await refusalOf(setting, past, act)).toEqual({ code, reason });
  });

  it('a cancel of one that has been cancelled, or is being undone for that, changes nothing', async () => {
    const nothing = { code: undefined, reason: 'the order has been cancelled already' };
    const toEnd = [...cancelled, completed('t2', null)];
    expect((await given(inARow, ...toEnd).told()).state.status).toBe('cancelled');
    for (const past of [cancelled, toEnd]) {
      expect(await refusalOf(inARow, past, cancelRequested(9))).toEqual(nothing);
    }
  });

  const slice: Setting = {
    workflow: workflow({ parallel: [{ plugin: 'A', forEach: 'payload', ofSlice: true }] }),
    plugins: [plugin('A', { compensates: true })],
    input: [1, 2],
    slice: { activity: 0, step: 0, from: 0, tolerated: 2 },
  };
  const halfDone = [accepted(), completed('t1', 1), failedForGood('t2')];

  it.each<[string, Setting, readonly Happening[], string]>([
    ['one that goes on', inARow, running, 'running'],
    ['one that is being undone', inARow, undoing, 'compensating'],
    ['one that has failed', inARow, undone, 'failed'],
    ['one that was cancelled', inARow, [cancelRequested(1)], 'cancelled'],
    ['a slice that goes on', slice, running, 'running'],
    ['a slice that was cancelled', slice, [cancelRequested(1)], 'cancelled'],
    [
      'a slice whose undoing has failed',
      slice,
      [...halfDone, undoRequested(1), failedForGood('t3')],
      'failed',
    ],
  ])(
    'the undoing that a parent asks for changes nothing of %s',
    async (_, setting, past, status) => {
      expect(await refusalOf(setting, past, undoRequested(9))).toEqual({
        code: undefined,
        reason: `only what has completed is undone: ${status}`,
      });
    },
  );

  it('an undoing is taken by what has completed, and by a slice that has failed', async () => {
    const done = [accepted(), completed('t1', 'a'), completed('t2', 'b')];
    for (const order of [given(inARow, ...done), given(slice, ...halfDone)]) {
      await order.when(undoRequested(9)).then({ status: 'compensating' });
    }
  });

  it('an optional task that failed is no reason to retry an order that is paused', async () => {
    const optional: Setting = {
      workflow: workflow({ parallel: [{ plugin: 'A', mandatory: false }, 'B'] }),
      plugins: plugins('A', 'B'),
    };
    const past = [accepted(), failedForGood('t1'), pauseRequested(1)];
    expect(await refusalOf(optional, past, retryRequested(2))).toMatchObject({
      code: 'ORDER_NOT_FAILED',
    });
  });
});
