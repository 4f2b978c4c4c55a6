import { describe, expect, it } from '@jest/globals';
import { definePlugin, PermanentError } from '../../src/sdk/index.ts';
import { performBatch } from '../../src/sdk/perform-batch.ts';
import type { QueueRecord } from '../../src/sdk/queue-record.ts';
import { fakeRuntime, queueRecord, taskRecord } from './fake-runtime.ts';

const LAMBDA_MS = 30_000;

const orderedRuntime = () => Object.assign(fakeRuntime(), { ordered: true });

/** A record in a line, at its first delivery or a later one. */
function inLine(n: number, line: string, receiveCount = 1): QueueRecord {
  const record = taskRecord(n, n, { receiveCount });
  return { ...record, attributes: { ...record.attributes, MessageGroupId: line } };
}

const failedIn = (outcome: { batchItemFailures: { itemIdentifier: string }[] }) =>
  outcome.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);

const completing = (begun: number[] = []) =>
  definePlugin((n: number) => {
    begun.push(n);
    return n;
  }).work;

const failing = (error: Error, begun: number[] = []) =>
  definePlugin((n: number): number => {
    begun.push(n);
    throw error;
  }).work;

describe('a batch of an ordered plugin', () => {
  it('is performed record by record, and each is deleted before the next one begins', async () => {
    const runtime = orderedRuntime();
    const seen: [number, number][] = [];
    const { work } = definePlugin((n: number) => {
      seen.push([n, runtime.deleted.length]);
      return n;
    });
    const records = [inLine(1, 'a'), inLine(2, 'b'), inLine(3, 'a')];
    expect(await performBatch(work, records, LAMBDA_MS, runtime)).toEqual({
      batchItemFailures: [],
    });
    expect(seen).toEqual([
      [1, 0],
      [2, 1],
      [3, 2],
    ]);
  });

  it('leaves an attempt that failed where it is, and gives back whoever stands behind it', async () => {
    const runtime = orderedRuntime();
    const begun: number[] = [];
    const { work } = definePlugin((n: number) => {
      begun.push(n);
      if (n === 1) throw new Error('not now');
      return n;
    });
    const records = [inLine(1, 'a'), inLine(2, 'b'), inLine(3, 'a')];
    const outcome = await performBatch(work, records, LAMBDA_MS, runtime);
    expect(begun).toEqual([1, 2]);
    expect(failedIn(outcome)).toEqual(['message-1', 'message-3']);
    expect(runtime.delays).toEqual([
      { messageId: 'message-1', seconds: 2 },
      { messageId: 'message-3', seconds: 0 },
    ]);
    expect(runtime.answers().map(({ type }) => type)).toEqual(['TaskFailed', 'TaskCompleted']);
  });

  it('lets go of what has failed for good', async () => {
    const runtime = orderedRuntime();
    const work = failing(new PermanentError('WRONG', 'never'));
    const outcome = await performBatch(work, [inLine(1, 'a'), inLine(2, 'a')], LAMBDA_MS, runtime);
    expect(failedIn(outcome)).toEqual([]);
  });

  it('keeps the place of what is no task message', async () => {
    const runtime = orderedRuntime();
    const broken = queueRecord('broken', 'no JSON');
    const outcome = await performBatch(completing(), [broken], LAMBDA_MS, runtime);
    expect(failedIn(outcome)).toEqual(['broken']);
  });
});

describe('a message that comes again', () => {
  const again = (receiveCount = 2) => [inLine(1, 'a', receiveCount)];

  it('is performed as the attempt that the core has sent in its place', async () => {
    const runtime = orderedRuntime();
    const deadlineAt = runtime.clock.now() + 60_000;
    runtime.standings.set('order-1', { open: false, instead: { attempt: 2, deadlineAt } });
    const begun: number[] = [];
    await performBatch(completing(begun), again(), LAMBDA_MS, runtime);
    expect(begun).toEqual([1]);
    const done = runtime.answers().find(({ type }) => type === 'TaskCompleted');
    expect(done?.claim).toMatchObject({ orderId: 'order-1', attempt: 2 });
  });

  it('stays where it is until the core has heard how that attempt ended, whose own message may be next', async () => {
    const runtime = orderedRuntime();
    const deadlineAt = runtime.clock.now() + 60_000;
    runtime.standings.set('order-1', { open: false, instead: { attempt: 2, deadlineAt } });
    const outcome = await performBatch(completing(), again(), LAMBDA_MS, runtime);
    expect(failedIn(outcome)).toEqual(['message-1']);
    expect(runtime.delays).toEqual([{ messageId: 'message-1', seconds: 2 }]);
    runtime.standings.set('order-1', { open: false });
    expect(failedIn(await performBatch(completing(), again(3), LAMBDA_MS, runtime))).toEqual([]);
  });

  it('is dropped when its task has been left to whoever holds the token, whichever attempt it holds', async () => {
    const runtime = orderedRuntime();
    runtime.standings.set('order-1', { open: true, deferred: true });
    const begun: number[] = [];
    const outcome = await performBatch(completing(begun), again(), LAMBDA_MS, runtime);
    expect([begun, failedIn(outcome)]).toEqual([[], []]);
  });

  it.each([
    ['as the attempt that it holds', { open: true }, failing(new Error('not now'))],
    [
      'as the attempt in its place',
      { open: false, instead: { attempt: 2, deadlineAt: 9e12 } },
      completing(),
    ],
  ])(
    'is not performed once more where it has ended %s, however long the core is behind',
    async (_, standing, work) => {
      const runtime = orderedRuntime();
      runtime.standings.set('order-1', standing);
      for (let receiveCount = 2; receiveCount <= 9; receiveCount += 1) {
        const outcome = await performBatch(work, again(receiveCount), LAMBDA_MS, runtime);
        expect(failedIn(outcome)).toEqual(['message-1']);
      }
      expect(runtime.answers().filter(({ type }) => type !== 'TaskHeartbeat')).toHaveLength(1);
      expect(runtime.delays.map(({ seconds }) => seconds)).toEqual([2, 4, 8, 16, 32, 60, 60, 60]);
    },
  );

  it('is performed once more by an instance that knows nothing of it', async () => {
    const begun: number[] = [];
    for (const runtime of [orderedRuntime(), orderedRuntime()]) {
      await performBatch(failing(new Error('not now'), begun), again(), LAMBDA_MS, runtime);
    }
    expect(begun).toEqual([1, 1]);
  });

  it('is hidden until the next attempt is due', async () => {
    const runtime = orderedRuntime();
    runtime.standings.set('order-1', { open: false, againAt: runtime.clock.now() + 90_500 });
    const begun: number[] = [];
    const outcome = await performBatch(completing(begun), again(), LAMBDA_MS, runtime);
    expect(begun).toEqual([]);
    expect(failedIn(outcome)).toEqual(['message-1']);
    expect(runtime.delays).toEqual([{ messageId: 'message-1', seconds: 91 }]);
  });

  it('is performed once more as it is, while the core awaits it: its process had died', async () => {
    const runtime = orderedRuntime();
    const begun: number[] = [];
    await performBatch(completing(begun), again(), LAMBDA_MS, runtime);
    expect(begun).toEqual([1]);
  });

  it('makes room when nobody waits for its task any more', async () => {
    const runtime = orderedRuntime();
    runtime.standings.set('order-1', { open: false });
    const begun: number[] = [];
    const outcome = await performBatch(completing(begun), again(), LAMBDA_MS, runtime);
    expect([begun, failedIn(outcome)]).toEqual([[], []]);
  });

  it('stays where it is while the core cannot be asked', async () => {
    const runtime = Object.assign(orderedRuntime(), {
      standingOf: async () => {
        throw new Error('no answer');
      },
    });
    const begun: number[] = [];
    const outcome = await performBatch(completing(begun), again(3), LAMBDA_MS, runtime);
    expect([begun, failedIn(outcome)]).toEqual([[], ['message-1']]);
    expect(runtime.delays).toEqual([{ messageId: 'message-1', seconds: 4 }]);
  });
});

it('the message of a later attempt, at the end of its line, is dropped when the first one has done the work', async () => {
  const runtime = orderedRuntime();
  runtime.standings.set('order-1', { open: false });
  const record = inLine(1, 'a');
  const body = record.body.replaceAll('"attempt":1', '"attempt":2');
  const begun: number[] = [];
  const outcome = await performBatch(completing(begun), [{ ...record, body }], LAMBDA_MS, runtime);
  expect([begun, failedIn(outcome)]).toEqual([[], []]);
});
