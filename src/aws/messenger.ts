import { ServiceError } from '../aws-calls/aws-service.ts';
import type { QueueCalls } from '../aws-calls/queue-service.ts';
import type { TopicCalls } from '../aws-calls/topic-service.ts';
import { cloudEventOf } from '../contract/cloud-event.ts';
import { messageText } from '../contract/message-text.ts';
import type { Invitation, StoredTaskMessage, TaskMessage } from '../contract/messages.ts';
import { invitationAttribute } from '../contract/messages.ts';
import type { Payloads } from '../contract/payloads.ts';
import { isFifo } from '../contract/plugin-queues.ts';
import { MAX_PAYLOAD_BYTES } from '../contract/size-limits.ts';
import { defined } from '../core/defined.ts';
import type { Clock } from '../ports/clock.ts';
import type { Messenger, OutgoingMessage, PlaceInLine } from '../ports/messenger.ts';
import { TooLargeError } from '../ports/too-large.ts';
import type { AddressedMessage, MessageBatch, Rejected } from './message-batch.ts';
import { addressedMessage, batchesOf, isTooLarge } from './message-batch.ts';

/** Where the messages go that do not carry their own address. */
export interface Addresses {
  readonly orchestratorQueueUrl: string;
  readonly tasksTopicArn: string;
  readonly lifecycleTopicArn: string;
}

export interface MessengerOptions extends Addresses {
  /** Of the events that tell of facts: see `sourceOf`. */
  readonly source: string;
  readonly clock: Clock;
  /** Which facts about orders are published; those about plugins always are. Default `all`. */
  readonly lifecycle?: 'all' | 'ends' | 'none';
}

/**
 * The messages of one destination are sent ten at a time, as far as their sizes allow. A task message that no queue takes goes into the
 * bucket, and what is sent says where it lies.
 */
export function createMessenger(
  sqs: QueueCalls,
  sns: TopicCalls,
  payloads: Pick<Payloads, 'put'>,
  options: MessengerOptions,
): Messenger {
  const { lifecycle = 'all' } = options;
  return {
    async send(messages) {
      const wanted = messages.filter((one) => one.to !== 'lifecycle' || isWanted(one, lifecycle));
      const notStored: Rejected[] = [];
      const fitting = await Promise.all(
        wanted.map(async (one) => {
          const message = addressed(one, options);
          try {
            return [await storedIfLarge(message)];
          } catch (error) {
            notStored.push({ message, error: error as Error });
            return [];
          }
        }),
      );
      const { batches, tooLarge } = batchesOf(fitting.flat());
      const byAddress = [...Map.groupBy(batches, ({ address }) => address).values()];
      const rejected = await Promise.all(byAddress.map(deliverAll));
      return [...notStored, ...tooLarge, ...rejected.flat()].map(
        ({ message: { outgoing: message }, error }) => ({ message, error }),
      );
    },
  };

  /** @throws {TooLargeError}, or what kept it from being stored */
  async function storedIfLarge(message: AddressedMessage): Promise<AddressedMessage> {
    const { outgoing } = message;
    if (!isTooLarge(message) || (outgoing.to !== 'plugin' && outgoing.to !== 'broadcast')) {
      return message;
    }
    const { orderId, invited } = outgoing.body;
    const told = { ...outgoing.body, invited: withoutSealed(invited) };
    const bytes = Buffer.from(messageText(JSON.stringify(told)));
    if (bytes.byteLength > MAX_PAYLOAD_BYTES) {
      const what = `a message of order ${orderId}`;
      throw new TooLargeError(what, bytes.byteLength, MAX_PAYLOAD_BYTES);
    }
    const body: StoredTaskMessage = {
      orderId,
      invited,
      stored: await payloads.put(orderId, bytes),
    };
    return addressedMessage(outgoing, message, JSON.stringify(body));
  }

  /** Batches of one destination: one after another where that keeps an order, all at once elsewhere. */
  async function deliverAll(batches: readonly MessageBatch[]): Promise<readonly Rejected[]> {
    if (!batches.some(({ address }) => isFifo(address))) {
      return (await Promise.all(batches.map(deliver))).flat();
    }
    const rejected: Rejected[] = [];
    for (const batch of batches) rejected.push(...(await deliver(batch)));
    return rejected;
  }

  /** Sends a batch, and once more what the service did not take of it. A call that failed as a whole has been repeated before. */
  async function deliver(batch: MessageBatch): Promise<readonly Rejected[]> {
    try {
      const rejected = await post(batch);
      if (rejected.length === 0) return [];
      const again = { ...batch, messages: rejected.map(({ message }) => message) };
      return await post(again).catch((error: Error) => allOf(again, error));
    } catch (error) {
      if (batch.messages.length === 1 || !isRefusal(error)) return allOf(batch, error as Error);
      const apart = batch.messages.map((message) => deliver({ ...batch, messages: [message] }));
      return (await Promise.all(apart)).flat();
    }
  }

  async function post(batch: MessageBatch): Promise<readonly Rejected[]> {
    const { Failed = [] } = await (batch.service === 'sqs' ? toQueue(batch) : toTopic(batch));
    return Failed.flatMap(({ Id, Code, Message = '' }) => {
      const message = batch.messages[Number(Id)];
      if (message === undefined) return [];
      const error = new Error(`${batch.address} did not take a message: ${Code} ${Message}`);
      return [{ message, error }];
    });
  }

  function toQueue({ address, messages }: MessageBatch) {
    const Entries = messages.map(({ body, delaySeconds, group, deduplication }, index) => ({
      Id: String(index),
      MessageBody: body,
      ...(delaySeconds && { DelaySeconds: delaySeconds }),
      ...(group && { MessageGroupId: group }),
      ...(deduplication && { MessageDeduplicationId: deduplication }),
    }));
    return sqs('SendMessageBatch', { QueueUrl: address, Entries });
  }

  function toTopic({ address, messages }: MessageBatch) {
    const PublishBatchRequestEntries = messages.map(({ body, attributes, group }, index) => ({
      Id: String(index),
      Message: body,
      MessageAttributes: Object.fromEntries(
        attributes.map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
      ),
      ...(group && { MessageGroupId: group }),
    }));
    return sns('PublishBatch', { TopicArn: address, PublishBatchRequestEntries });
  }
}

function addressed(outgoing: OutgoingMessage, options: MessengerOptions): AddressedMessage {
  switch (outgoing.to) {
    case 'plugin':
      return addressedMessage(outgoing, {
        ...{ service: 'sqs', address: outgoing.queueUrl },
        ...(outgoing.place ? placeOf(outgoing.place) : groupOf(outgoing)),
      });
    case 'orchestrator': {
      const { delaySeconds } = outgoing;
      const address = options.orchestratorQueueUrl;
      const group = groupOf(outgoing);
      return addressedMessage(outgoing, { service: 'sqs', address, delaySeconds, ...group });
    }
    case 'broadcast': {
      const attributes = outgoing.plugins.map((name) => [invitationAttribute(name), '1'] as const);
      const address = options.tasksTopicArn;
      const group = groupOf(outgoing);
      return addressedMessage(outgoing, { service: 'sns', address, attributes, ...group });
    }
    case 'lifecycle': {
      const attributes = [['type', outgoing.body.type]] as const;
      const address = options.lifecycleTopicArn;
      const event = cloudEventOf(outgoing.body, options.source, options.clock());
      const body = messageText(JSON.stringify(event));
      return addressedMessage(outgoing, { service: 'sns', address, attributes }, body);
    }
  }
}

/** The client. An order that is nobody's is a tenant by itself. SNS passes the group on: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const groupOf = ({ client }: { readonly client?: string }) => defined({ group: client });

const placeOf = ({ line, message }: PlaceInLine) => ({ group: line, deduplication: message });

const ENDS: readonly string[] = ['order.completed', 'order.failed', 'order.cancelled'];

function isWanted(
  { body: { type } }: Extract<OutgoingMessage, { to: 'lifecycle' }>,
  lifecycle: 'all' | 'ends' | 'none',
): boolean {
  if (type.startsWith('plugin.')) return true;
  return lifecycle === 'all' || (lifecycle === 'ends' && ENDS.includes(type));
}

function allOf({ messages }: MessageBatch, error: Error): readonly Rejected[] {
  return messages.map((message) => ({ message, error }));
}

/** Whether the request itself was found wrong, for which one of its messages may be to blame. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof ServiceError)) return false;
  const { $metadata, name } = error;
  return $metadata.httpStatusCode === 400 && !/throttl|toomany|requestlimit/i.test(name);
}

/** What is sealed goes with the first message of an attempt only: one that is sent again finds its object there. */
function withoutSealed(invited: TaskMessage['invited']): TaskMessage['invited'] {
  const invitations = Object.entries(invited);
  return Object.fromEntries(
    invitations.map(([plugin, { sealed: _, ...told }]): [string, Invitation] => [plugin, told]),
  );
}
