import { messageText } from '../contract/message-text.ts';
import type { OutgoingMessage } from '../ports/messenger.ts';
import { TooLargeError } from '../ports/too-large.ts';

/** A message with the form in which its service takes it. */
export interface AddressedMessage {
  readonly outgoing: OutgoingMessage;
  readonly service: 'sqs' | 'sns';
  /** The queue's URL or the topic's ARN. */
  readonly address: string;
  readonly body: string;
  /** Each a String attribute to filter on. */
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly delaySeconds?: number;
  /**
   * In a FIFO queue, the line in which it stands. In a standard one, messages of the same group come from one tenant, among whom SQS is
   * fair: where one has much in flight, those of others go first.
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
   */
  readonly group?: string;
  /** In a FIFO queue: of two messages with the same one, within five minutes, one is kept. */
  readonly deduplication?: string;
  /** As the service counts it: body and attributes. */
  readonly bytes: number;
}

/** Messages that travel in one request. */
export interface MessageBatch {
  readonly service: 'sqs' | 'sns';
  readonly address: string;
  readonly messages: readonly AddressedMessage[];
}

/** A message that was not taken, and why. */
export interface Rejected {
  readonly message: AddressedMessage;
  readonly error: Error;
}

/**
 * The limit of one message, and of all messages of a batch together.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html (1 MiB)
 * @see https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html (256 KiB)
 */
const MAX_BYTES = { sqs: 1024 * 1024, sns: 256 * 1024 };

/** Both services take as many in a batch. */
const MAX_MESSAGES = 10;

const CARRIER = { sqs: 'SQS', sns: 'SNS' };

type Address = Pick<AddressedMessage, 'service' | 'address'> &
  Partial<Pick<AddressedMessage, 'attributes' | 'delaySeconds' | 'group' | 'deduplication'>>;

/** @param body what is sent, unless it is the message itself */
export function addressedMessage(
  outgoing: OutgoingMessage,
  address: Address,
  body: string = messageText(JSON.stringify(outgoing.body)),
): AddressedMessage {
  const { attributes = [] } = address;
  const bytes = attributes.reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name + value) + 'String'.length,
    Buffer.byteLength(body),
  );
  return { outgoing, ...address, attributes, body, bytes };
}

/** Whether no request takes the message, not even one of its own. */
export function isTooLarge({ bytes, service }: AddressedMessage): boolean {
  return bytes > MAX_BYTES[service];
}

/** The messages by destination, in batches that their service takes; apart from them, those that it never takes. */
export function batchesOf(messages: readonly AddressedMessage[]): {
  readonly batches: readonly MessageBatch[];
  readonly tooLarge: readonly Rejected[];
} {
  const fitting = messages.filter((message) => !isTooLarge(message));
  const byAddress = Map.groupBy(fitting, ({ address }) => address);
  const tooLarge = messages
    .filter((message) => !fitting.includes(message))
    .map((message) => {
      const { outgoing, service, bytes } = message;
      const what = `a message of order ${outgoing.orderId} for ${CARRIER[service]}`;
      return { message, error: new TooLargeError(what, bytes, MAX_BYTES[service]) };
    });
  return { batches: [...byAddress.values()].flatMap(inBatches), tooLarge };
}

function inBatches(messages: readonly AddressedMessage[]): MessageBatch[] {
  const batches: { service: 'sqs' | 'sns'; address: string; messages: AddressedMessage[] }[] = [];
  let bytes = 0;
  for (const message of messages) {
    const { service, address } = message;
    const last = batches.at(-1);
    const isFull = last?.messages.length === MAX_MESSAGES;
    if (last === undefined || isFull || bytes + message.bytes > MAX_BYTES[service]) {
      batches.push({ service, address, messages: [message] });
      bytes = message.bytes;
    } else {
      last.messages.push(message);
      bytes += message.bytes;
    }
  }
  return batches;
}
