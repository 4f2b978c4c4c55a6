import { describe, expect, it } from '@jest/globals';
import type { System } from '../system.ts';
import { CONTEXT, createSystem, sqsEvent } from '../system.ts';

const DEAD_A = 'arn:aws:sqs:eu-west-1:1:baton-test-plugin-A-dead';

/** The task message that A's queue has given up on. */
async function deadLetter(system: System): Promise<object> {
  await system.call('POST', '/orders', { body: { orderId: 'o-1', input: 5, todo: ['A'] } });
  system.ports.messenger.sent.length = 0;
  const started = sqsEvent([{ type: 'OrderAccepted', orderId: 'o-1' }]);
  await system.orchestrate(started, CONTEXT);
  const outgoing = system.ports.messenger.sent.find(({ to }) => to === 'plugin');
  if (outgoing?.to !== 'plugin') throw new Error('nothing was sent to a plugin');
  return outgoing.body;
}

const tasksOf = async (system: System) => {
  const { body } = await system.call<{ tasks: object[] }>('GET', '/orders/o-1');
  return body.tasks;
};

describe('a dead letter', () => {
  it('fails its attempt, and the retry policy goes on', async () => {
    const system = createSystem();
    const letter = await deadLetter(system);
    const { batchItemFailures } = await system.bury(sqsEvent([letter], DEAD_A), CONTEXT);
    expect(batchItemFailures).toEqual([]);
    expect(await tasksOf(system)).toMatchObject([
      {
        ...{ job: 'A', status: 'backingOff', error: { code: 'DEAD_LETTERED' } },
        attempts: [{ attempt: 1, error: { code: 'DEAD_LETTERED' } }],
      },
    ]);
    const { body } = await system.call<{ timeline: object[] }>('GET', '/orders/o-1');
    expect(body.timeline.at(-1)).toMatchObject({
      event: 'TaskDeadLettered',
      error: { message: expect.stringContaining('never began it') },
    });
  });

  it('of an ordered plugin does, too', async () => {
    const system = createSystem();
    const fifo = sqsEvent([await deadLetter(system)], `${DEAD_A}.fifo`);
    expect((await system.bury(fifo, CONTEXT)).batchItemFailures).toEqual([]);
    expect(await tasksOf(system)).toMatchObject([{ status: 'backingOff' }]);
  });

  it('counts as a failed attempt of its plugin', async () => {
    const system = createSystem();
    await system.bury(sqsEvent([await deadLetter(system)], DEAD_A), CONTEXT);
    expect(system.published).toEqual([{ Plugin: 'A', TasksFailed: 1 }]);
  });

  it('fails it once, however often it is buried', async () => {
    const system = createSystem();
    const letter = await deadLetter(system);
    await system.bury(sqsEvent([letter, letter], DEAD_A), CONTEXT);
    await system.bury(sqsEvent([letter], DEAD_A), CONTEXT);
    expect(await tasksOf(system)).toMatchObject([
      { status: 'backingOff', attempts: [{ attempt: 1 }] },
    ]);
  });

  // Was: a message with a deep input was refused like a request, and its task waited for its deadline. Now: it is read.
  it('is buried however deep its input is', async () => {
    const system = createSystem();
    const input = Array.from({ length: 100 }).reduce<unknown>((inner) => [inner], 5);
    const letter = { ...(await deadLetter(system)), input };
    const { batchItemFailures } = await system.bury(sqsEvent([letter], DEAD_A), CONTEXT);
    expect(batchItemFailures).toEqual([]);
    expect(await tasksOf(system)).toMatchObject([{ status: 'backingOff' }]);
  });

  it.each([
    ['that is no task message', DEAD_A, { hello: 'world' }],
    ['that is no JSON', DEAD_A, 'hello'],
    ['that invites others only', 'arn:aws:sqs:eu-west-1:1:baton-test-plugin-B-dead', undefined],
    [
      'of a queue that is no plugin’s',
      'arn:aws:sqs:eu-west-1:1:baton-test-orchestrator',
      undefined,
    ],
    ['of another system', 'arn:aws:sqs:eu-west-1:1:other-test-plugin-A-dead', undefined],
  ])('%s stays where it is', async (_name, arn, body) => {
    const system = createSystem();
    const letter = await deadLetter(system);
    const { batchItemFailures } = await system.bury(sqsEvent([body ?? letter], arn), CONTEXT);
    expect(batchItemFailures).toEqual([{ itemIdentifier: 'm1' }]);
    expect(await tasksOf(system)).toMatchObject([{ status: 'inFlight' }]);
  });
});
