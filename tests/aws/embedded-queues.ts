import { CreateTopicCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import type { EmbeddedAws } from '../../infra/local/embedded-aws.ts';
import type { MessengerOptions } from '../../src/aws/messenger.ts';
import type { Json } from '../../src/core/json.ts';
import { localClients } from '../local/local-clients.ts';

export interface Queues {
  readonly addresses: MessengerOptions;
  readonly urls: Readonly<Record<string, string>>;
  /** Takes everything away that waits in the queue. */
  take(name: string): Promise<readonly Json[]>;
}

let opened = 0;

/** New queues and topics like those of the core's stack and of plugins' stacks; `lifecycle` gets what is published of `order.failed`. */
export async function openQueues(aws: EmbeddedAws, plugins: readonly string[]): Promise<Queues> {
  const { sqs, sns } = localClients(aws);
  opened += 1;
  const prefix = `baton-${opened}`;
  const urls: Record<string, string> = {};
  for (const name of ['orchestrator', 'lifecycle', ...plugins]) {
    const created = await sqs.send(new CreateQueueCommand({ QueueName: `${prefix}-${name}` }));
    urls[name] = created.QueueUrl ?? '';
  }
  const topics: Record<string, string> = {};
  for (const name of ['tasks', 'lifecycle']) {
    const created = await sns.send(new CreateTopicCommand({ Name: `${prefix}-${name}` }));
    topics[name] = created.TopicArn ?? '';
  }
  const subscribe = async (
    topic: string,
    queue: string,
    filter: Readonly<Record<string, Json>>,
  ) => {
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: urls[queue], AttributeNames: ['QueueArn'] }),
    );
    await sns.send(
      new SubscribeCommand({
        TopicArn: topics[topic],
        Protocol: 'sqs',
        Endpoint: Attributes?.QueueArn,
        Attributes: { RawMessageDelivery: 'true', FilterPolicy: JSON.stringify(filter) },
      }),
    );
  };
  for (const plugin of plugins) await subscribe('tasks', plugin, { [`p.${plugin}`]: ['1'] });
  await subscribe('lifecycle', 'lifecycle', { type: ['order.failed'] });
  return {
    urls,
    addresses: {
      orchestratorQueueUrl: urls.orchestrator ?? '',
      tasksTopicArn: topics.tasks ?? '',
      lifecycleTopicArn: topics.lifecycle ?? '',
      source: 'urn:baton:test',
      clock: Date.now,
    },
    take: (name) => drain(sqs, urls[name] ?? ''),
  };
}

async function drain(sqs: SQSClient, QueueUrl: string): Promise<readonly Json[]> {
  const bodies: Json[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    if (Messages.length === 0) return bodies;
    bodies.push(...Messages.map(({ Body }) => JSON.parse(Body ?? '') as Json));
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({
      Id: String(index),
      ReceiptHandle,
    }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
}
