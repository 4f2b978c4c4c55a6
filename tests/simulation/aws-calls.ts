import { ServiceError } from '../../src/aws-calls/aws-service.ts';
import type { QueueCalls } from '../../src/aws-calls/queue-service.ts';
import type { TopicCalls } from '../../src/aws-calls/topic-service.ts';
import type { Process } from './processes.ts';
import type { Queue } from './queues.ts';
import { MAX_MESSAGE_BYTES } from './queues.ts';
import type { Chance } from './seed.ts';
import type { Publication, Topics } from './topics.ts';
import { MAX_PUBLICATION_BYTES } from './topics.ts';

/** What the clients of one process reach. */
export interface Network {
  readonly queues: ReadonlyMap<string, Queue>;
  readonly topics: Topics;
  readonly chance: Chance;
  /** The probability that one message of a batch is not taken. */
  readonly partial: number;
}

/** The requests' fields that Baton and its SDK use. */
interface Input {
  readonly QueueUrl?: string;
  readonly TopicArn?: string;
  readonly MessageBody?: string;
  readonly DelaySeconds?: number;
  readonly MessageGroupId?: string;
  readonly MessageDeduplicationId?: string;
  readonly ReceiptHandle?: string;
  readonly VisibilityTimeout?: number;
  readonly Entries?: readonly (Input & { readonly Id: string })[];
  readonly PublishBatchRequestEntries?: readonly (Publication & { readonly Id: string })[];
}

type Reached = Network & { readonly process: Process };

const MAX_ENTRIES = 10;

/** An error for a request that is wrong in itself. */
class RefusedError extends ServiceError {
  constructor(code: string, message: string) {
    super({ code, message }, { httpStatusCode: 400, wasSkewed: false, response: {} });
  }
}

/** Calls of SQS and SNS as one process makes them. They take what AWS takes, and refuse what AWS refuses. */
export function callsOf(process: Process, network: Network): { sqs: QueueCalls; sns: TopicCalls } {
  const call = (operation: string, input: Input) => {
    const service = operation.startsWith('Publish') ? 'sns' : 'sqs';
    const target = (input.QueueUrl ?? input.TopicArn ?? '').split(/[/:]/).at(-1);
    const count = (input.Entries ?? input.PublishBatchRequestEntries)?.length ?? 1;
    const what = `${operation} ${target} (${count})`;
    return process.call({ service, what }, () =>
      answerTo(operation, input, { ...network, process }),
    );
  };
  return { sqs: call as QueueCalls, sns: call as TopicCalls };
}

/** A FIFO queue takes no delay, and wants to know the line and what tells a message from its repetition. */
function send(queue: Queue, input: Input): void {
  const { MessageBody = '', DelaySeconds = 0 } = input;
  const { MessageGroupId: line, MessageDeduplicationId: repetition } = input;
  if (!queue.isFifo) {
    queue.send(MessageBody, DelaySeconds * 1000);
    return;
  }
  if (line === undefined || repetition === undefined) {
    throw new RefusedError('MissingParameter', 'MessageGroupId and MessageDeduplicationId');
  }
  if (DelaySeconds > 0) throw new RefusedError('InvalidParameterValue', 'DelaySeconds');
  queue.sendInLine(MessageBody, { line, repetition });
}

function answerTo(operation: string, input: Input, network: Reached): object {
  switch (operation) {
    case 'SendMessage': {
      const body = input.MessageBody ?? '';
      if (Buffer.byteLength(body) > MAX_MESSAGE_BYTES) {
        throw new RefusedError('InvalidParameterValue', 'the message is longer than 1048576 bytes');
      }
      send(queueOf(input, network), input);
      return {};
    }
    case 'SendMessageBatch': {
      const queue = queueOf(input, network);
      const entries = input.Entries ?? [];
      checkBatch(
        entries.map(({ MessageBody = '' }) => Buffer.byteLength(MessageBody)),
        MAX_MESSAGE_BYTES,
      );
      return each(entries, network, (entry) => {
        if ((entry.DelaySeconds ?? 0) > 900) {
          throw new RefusedError('InvalidParameterValue', 'DelaySeconds');
        }
        send(queue, entry);
      });
    }
    case 'PublishBatch': {
      const entries = input.PublishBatchRequestEntries ?? [];
      checkBatch(
        entries.map((one) => network.topics.bytesOf(one)),
        MAX_PUBLICATION_BYTES,
      );
      return each(entries, network, (one) => network.topics.publish(input.TopicArn ?? '', one));
    }
    case 'DeleteMessage':
      queueOf(input, network).delete(input.ReceiptHandle ?? '');
      return {};
    case 'DeleteMessageBatch': {
      const queue = queueOf(input, network);
      return each(input.Entries ?? [], network, (one) => queue.delete(one.ReceiptHandle ?? ''));
    }
    case 'ChangeMessageVisibility':
      hide(queueOf(input, network), input);
      return {};
    case 'ChangeMessageVisibilityBatch': {
      const queue = queueOf(input, network);
      return each(input.Entries ?? [], network, (one) => hide(queue, one));
    }
  }
  throw new Error(`${operation} is not imitated`);
}

function hide(queue: Queue, { ReceiptHandle = '', VisibilityTimeout = 0 }: Input): void {
  if (VisibilityTimeout < 0 || VisibilityTimeout > 43_200) {
    throw new RefusedError('InvalidParameterValue', `VisibilityTimeout ${VisibilityTimeout}`);
  }
  try {
    queue.changeVisibility(ReceiptHandle, VisibilityTimeout * 1000);
  } catch (error) {
    throw new RefusedError('MessageNotInflight', (error as Error).message);
  }
}

function queueOf({ QueueUrl = '' }: Input, { queues }: Network): Queue {
  const queue = queues.get(QueueUrl);
  if (queue === undefined) throw new RefusedError('QueueDoesNotExist', QueueUrl);
  return queue;
}

function checkBatch(sizes: readonly number[], limit: number): void {
  if (sizes.length === 0) throw new RefusedError('EmptyBatchRequest', 'no entry');
  if (sizes.length > MAX_ENTRIES)
    throw new RefusedError('TooManyEntriesInBatchRequest', `${sizes.length}`);
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  if (bytes > limit) throw new RefusedError('BatchRequestTooLong', `${bytes} bytes`);
}

/** Each entry by itself: some may not be taken although their neighbours are. */
function each<Entry extends { readonly Id: string }>(
  entries: readonly Entry[],
  { chance, partial, process }: Reached,
  take: (entry: Entry) => void,
): object {
  const Failed: object[] = [];
  const Successful: object[] = [];
  for (const entry of entries) {
    const { Id } = entry;
    if (chance.happens(partial)) {
      process.troubles += 1;
      Failed.push({ Id, Code: 'InternalError', Message: 'try again', SenderFault: false });
      continue;
    }
    try {
      take(entry);
      Successful.push({ Id });
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      Failed.push({ Id, Code: error.name, Message: error.message, SenderFault: true });
    }
  }
  return { Successful, Failed };
}
