import { expect, it } from '@jest/globals';
import { createMessenger } from '../../src/aws/messenger.ts';
import type { QueueCalls } from '../../src/aws-calls/queue-service.ts';
import type { TopicCalls } from '../../src/aws-calls/topic-service.ts';
import type { OutgoingMessage } from '../../src/ports/messenger.ts';
import { createMemoryPayloads } from '../ports/memory/objects.ts';

/** The entries of all requests. */
async function entriesOf(messages: readonly object[]): Promise<readonly Record<string, string>[]> {
  const entries: Record<string, string>[] = [];
  const note = async (_: string, input: object) => {
    const { Entries = [], PublishBatchRequestEntries = [] } = input as Record<string, never[]>;
    entries.push(...Entries, ...PublishBatchRequestEntries);
    return {};
  };
  const messenger = createMessenger(
    note as QueueCalls,
    note as TopicCalls,
    createMemoryPayloads(),
    {
      ...{ orchestratorQueueUrl: 'http://queue', tasksTopicArn: 'tasks' },
      ...{ lifecycleTopicArn: 'lifecycle', source: 'urn:baton:test', clock: () => 0 },
    },
  );
  expect(await messenger.send(messages as OutgoingMessage[])).toEqual([]);
  return entries;
}

/** Which message has which group. */
async function groupsOf(messages: readonly object[]) {
  const entries = await entriesOf(messages);
  return entries.map(({ MessageBody, Message, MessageGroupId: group }) => {
    const { orderId, type } = JSON.parse(MessageBody ?? Message ?? '');
    return { of: orderId ?? type, group };
  });
}

const body = (orderId: string, input: unknown = 1) => ({ orderId, invited: {}, input });

it("the client is the group of its tasks' messages, to a queue and to the topic, also of those that lie in the bucket", async () => {
  const groups = await groupsOf([
    { to: 'plugin', orderId: 'o1', queueUrl: 'http://a', body: body('o1'), client: 'acme' },
    { to: 'plugin', orderId: 'o2', queueUrl: 'http://a', body: body('o2') },
    {
      ...{ to: 'plugin', orderId: 'o3', queueUrl: 'http://a', client: 'acme' },
      body: body('o3', 'x'.repeat(1_100_000)),
    },
    { to: 'broadcast', orderId: 'o4', plugins: ['A', 'B'], body: body('o4'), client: 'other' },
  ]);
  expect(groups).toEqual([
    { of: 'o1', group: 'acme' },
    { of: 'o2', group: undefined },
    { of: 'o3', group: 'acme' },
    { of: 'o4', group: 'other' },
  ]);
});

it('orders that begin have it, too', async () => {
  const begin = (orderId: string, client?: string) => ({
    ...{ to: 'orchestrator', orderId, delaySeconds: 0, ...(client && { client }) },
    body: { type: 'OrderAccepted', orderId },
  });
  expect(await groupsOf([begin('o1', 'acme'), begin('o2')])).toEqual([
    { of: 'o1', group: 'acme' },
    { of: 'o2', group: undefined },
  ]);
});

it('what else Baton tells itself, and facts, have none', async () => {
  const groups = await groupsOf([
    {
      to: 'orchestrator',
      orderId: 'o1',
      delaySeconds: 0,
      body: { type: 'DeadlinePassed', orderId: 'o1', at: 1 },
    },
    { to: 'lifecycle', orderId: 'o1', body: { type: 'order.started', orderId: 'o1', entry: 1 } },
  ]);
  expect(groups.map(({ group }) => group)).toEqual([undefined, undefined]);
});

it('a place in line goes before the client, and its messages are told from their repetitions', async () => {
  const tasks = Array.from({ length: 25 }, (_, n) => ({
    ...{ to: 'plugin', orderId: `o${n}`, queueUrl: 'http://a.fifo', client: 'acme' },
    ...{ body: body(`o${n}`), place: { line: 'l1', message: `m${n}` } },
  }));
  expect(await entriesOf(tasks)).toMatchObject(
    tasks.map((_, n) => ({ MessageGroupId: 'l1', MessageDeduplicationId: `m${n}` })),
  );
});
