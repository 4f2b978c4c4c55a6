import { expect, it } from '@jest/globals';
import type { MessengerOptions } from '../../src/aws/messenger.ts';
import { createMessenger } from '../../src/aws/messenger.ts';
import type { QueueCalls } from '../../src/aws-calls/queue-service.ts';
import type { PublishBatchInput, TopicCalls } from '../../src/aws-calls/topic-service.ts';
import type { OutgoingMessage } from '../../src/ports/messenger.ts';
import { createMemoryPayloads } from '../ports/memory/objects.ts';

const FACTS = [
  'order.started',
  'task.failed',
  'order.completed',
  'order.failed',
  'order.cancelled',
  'plugin.awaited',
];

async function published(lifecycle?: NonNullable<MessengerOptions['lifecycle']>) {
  const types: string[] = [];
  const sns: TopicCalls = async (_, input) => {
    const { PublishBatchRequestEntries } = input as PublishBatchInput;
    types.push(...PublishBatchRequestEntries.map(({ Message }) => JSON.parse(Message).type));
    return {};
  };
  const messenger = createMessenger({} as QueueCalls, sns, createMemoryPayloads(), {
    orchestratorQueueUrl: 'http://queue',
    tasksTopicArn: 'arn:tasks',
    lifecycleTopicArn: 'arn:lifecycle',
    source: 'urn:baton:test',
    clock: () => 0,
    ...(lifecycle && { lifecycle }),
  });
  const messages = FACTS.map((type) => ({ to: 'lifecycle', orderId: 'one', body: { type } }));
  expect(await messenger.send(messages as OutgoingMessage[])).toEqual([]);
  return types;
}

it('all facts are published unless something else is said', async () => {
  expect(await published()).toEqual(FACTS);
  expect(await published('all')).toEqual(FACTS);
});

it('of the facts about orders, only the ends are published on request', async () => {
  expect(await published('ends')).toEqual([
    'order.completed',
    'order.failed',
    'order.cancelled',
    'plugin.awaited',
  ]);
});

it('of the facts about orders, none are published on request; those about plugins wake them', async () => {
  expect(await published('none')).toEqual(['plugin.awaited']);
});
