import { describe, expect, it } from '@jest/globals';
import { createMessenger } from '../../src/aws/messenger.ts';
import { ServiceError } from '../../src/aws-calls/aws-service.ts';
import type { QueueCalls, QueueOperations } from '../../src/aws-calls/queue-service.ts';
import type { TopicCalls } from '../../src/aws-calls/topic-service.ts';
import type { Unsent } from '../../src/ports/messenger.ts';
import { createMemoryPayloads } from '../ports/memory/objects.ts';
import { accepted, task } from '../ports/messenger.contract.ts';
import { times } from '../ports/store.ts';

/** What a messenger does when a service takes a message badly, or not at all: its answers are scripted. */

const ADDRESSES = {
  orchestratorQueueUrl: 'http://127.0.0.1/000000000000/orchestrator',
  tasksTopicArn: 'arn:aws:sns:us-east-1:000000000000:tasks',
  lifecycleTopicArn: 'arn:aws:sns:us-east-1:000000000000:lifecycle',
  source: 'urn:baton:test',
  clock: () => 0,
};

const queueUrl = 'http://127.0.0.1/000000000000/a';

interface Call {
  readonly address: string | undefined;
  /** The orders whose messages the call carries. */
  readonly orders: readonly string[];
}

describe('a messenger', () => {
  it('sends once more what a batch did not take', async () => {
    const { messenger, calls } = messengerWith((call) =>
      calls.length === 1 ? { Failed: [failedEntry(call, 'o2')] } : {},
    );
    const undelivered = await messenger.send(['o1', 'o2', 'o3'].map(accepted));
    expect(undelivered).toEqual([]);
    expect(calls.map(({ orders }) => orders)).toEqual([['o1', 'o2', 'o3'], ['o2']]);
  });

  it('reports the order whose message was not taken twice', async () => {
    const { messenger, calls } = messengerWith((call) =>
      call.orders.includes('o2') ? { Failed: [failedEntry(call, 'o2')] } : {},
    );
    const undelivered = await messenger.send(['o1', 'o2', 'o3'].map(accepted));
    expect(reasonsOf(undelivered)).toEqual([
      {
        orderId: 'o2',
        message: `${ADDRESSES.orchestratorQueueUrl} did not take a message: InternalError please try again`,
      },
    ]);
    expect(calls).toHaveLength(2);
  });

  it('reports the orders of a call that failed, and delivers the others', async () => {
    const broken = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    const { messenger } = messengerWith(({ address }) => {
      if (address === queueUrl) throw broken;
      return {};
    });
    const undelivered = await messenger.send([
      accepted('o1'),
      { to: 'plugin', orderId: 'o2', queueUrl, body: task('o2', 1) },
      { to: 'broadcast', orderId: 'o3', plugins: ['B', 'C'], body: task('o3', 1) },
    ]);
    expect(undelivered).toMatchObject([{ message: { orderId: 'o2' }, error: broken }]);
  });

  it('does not add to the load of a service that throttles', async () => {
    const throttled = refusal('ThrottlingException', 'slow down');
    const { messenger, calls } = messengerWith(() => {
      throw throttled;
    });
    const undelivered = await messenger.send(['o1', 'o2'].map(accepted));
    expect(undelivered.map(({ message }) => message.orderId)).toEqual(['o1', 'o2']);
    expect(calls).toHaveLength(1);
  });

  it('sends each by itself when a batch is refused as a whole: one may be to blame', async () => {
    const refused = refusal('InvalidMessageContents', 'invalid characters');
    const { messenger, calls } = messengerWith(({ orders }) => {
      if (orders.includes('o2')) throw refused;
      return {};
    });
    const undelivered = await messenger.send(['o1', 'o2', 'o3'].map(accepted));
    expect(undelivered).toMatchObject([{ message: { orderId: 'o2' }, error: refused }]);
    expect(calls.map(({ orders }) => orders)).toEqual([['o1', 'o2', 'o3'], ['o1'], ['o2'], ['o3']]);
  });

  it('makes as few calls as destinations and sizes allow', async () => {
    const { messenger, calls } = messengerWith(() => ({}));
    await messenger.send([
      ...times(21, (index) => accepted(`o${index}`)),
      ...times(
        3,
        (index) =>
          ({
            to: 'plugin',
            orderId: `large${index}`,
            queueUrl,
            body: task('large', 'x'.repeat(400_000)),
          }) as const,
      ),
    ]);
    const sizes = calls.map(({ address, orders }) => [address === queueUrl, orders.length]);
    expect(sizes).toEqual([
      [false, 10],
      [false, 10],
      [false, 1],
      [true, 2],
      [true, 1],
    ]);
  });
});

type Answer = { Failed?: readonly object[] };

function messengerWith(answer: (call: Call) => Answer) {
  const calls: Call[] = [];
  const service = async (_: string, input: object): Promise<Answer> => {
    const { QueueUrl, Entries = [] } = input as Partial<QueueOperations['SendMessageBatch'][0]>;
    const orders = Entries.map(({ MessageBody }) => orderIn(MessageBody));
    const call = { address: QueueUrl, orders };
    calls.push(call);
    return answer(call);
  };
  const messenger = createMessenger(
    service as QueueCalls,
    service as TopicCalls,
    createMemoryPayloads(),
    ADDRESSES,
  );
  return { messenger, calls };
}

function refusal(code: string, message: string): ServiceError {
  return new ServiceError(
    { code, message },
    { httpStatusCode: 400, wasSkewed: false, response: {} },
  );
}

function orderIn(body: string | undefined): string {
  return (JSON.parse(body ?? '{}') as { orderId: string }).orderId;
}

function failedEntry({ orders }: Call, orderId: string) {
  const Id = String(orders.indexOf(orderId));
  return { Id, Code: 'InternalError', Message: 'please try again', SenderFault: false };
}

function reasonsOf(unsent: readonly Unsent[]) {
  return unsent.map(({ message, error }) => ({ orderId: message.orderId, message: error.message }));
}
