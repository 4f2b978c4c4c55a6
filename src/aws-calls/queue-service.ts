import { createHash } from 'node:crypto';
import { connectService, type ServiceOptions } from './aws-service.ts';
import { type Calls, jsonCalls, jsonRefusal } from './json-calls.ts';

interface QueueInput {
  readonly QueueUrl: string;
}

interface ReceiptInput extends QueueInput {
  readonly ReceiptHandle: string | undefined;
}

interface SentMessage {
  readonly MessageBody: string | undefined;
  readonly DelaySeconds?: number;
  readonly MessageGroupId?: string;
  readonly MessageDeduplicationId?: string;
}

export interface ReceivedMessage {
  readonly MessageId?: string;
  readonly ReceiptHandle?: string;
  readonly Body?: string;
  readonly MD5OfBody?: string;
  readonly Attributes?: Readonly<Record<string, string>>;
  readonly MessageAttributes?: Readonly<Record<string, MessageAttribute>>;
}

/** `BinaryValue` is base64. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

interface ReceiveInput extends QueueInput {
  readonly MaxNumberOfMessages?: number;
  readonly VisibilityTimeout?: number;
  readonly WaitTimeSeconds?: number;
  readonly MessageSystemAttributeNames?: readonly string[];
  readonly MessageAttributeNames?: readonly string[];
}

interface Digest {
  readonly MD5OfMessageBody?: string;
}

/** An entry of a batch that was not taken. */
export interface FailedEntry {
  readonly Id?: string;
  readonly Code?: string;
  readonly Message?: string;
}

/** Entries of a batch; each is taken or not by itself. */
type Batch<Entry> = QueueInput & { readonly Entries: readonly (Entry & { readonly Id: string })[] };

/** The operations of SQS that Baton and its plugins call, with the fields that they use. */
export type QueueOperations = {
  ChangeMessageVisibility: [ReceiptInput & { readonly VisibilityTimeout: number }, object];
  ChangeMessageVisibilityBatch: [
    Batch<{ readonly ReceiptHandle: string | undefined; readonly VisibilityTimeout: number }>,
    object,
  ];
  DeleteMessage: [ReceiptInput, object];
  DeleteMessageBatch: [
    Batch<{ readonly ReceiptHandle: string | undefined }>,
    { readonly Failed?: readonly FailedEntry[] },
  ];
  GetQueueAttributes: [
    QueueInput & { readonly AttributeNames: readonly string[] },
    { readonly Attributes?: Readonly<Record<string, string>> },
  ];
  ReceiveMessage: [ReceiveInput, { readonly Messages?: readonly ReceivedMessage[] }];
  SendMessage: [QueueInput & SentMessage, Digest];
  SendMessageBatch: [
    Batch<SentMessage>,
    {
      readonly Successful?: readonly (Digest & { readonly Id: string })[];
      readonly Failed?: readonly FailedEntry[];
    },
  ];
};

export type QueueCalls = Calls<QueueOperations>;

export interface QueueServiceOptions extends Omit<ServiceOptions, 'name' | 'refusalIn'> {
  /** Whether calls go to the host in the queue's URL, if the environment names no endpoint. Default: to the region's. */
  readonly useQueueHost?: boolean;
}

/** SQS. What it says that it has received is compared with what was sent. */
export function connectQueueService(options: QueueServiceOptions): QueueCalls {
  const service = connectService({ ...options, name: 'sqs', refusalIn: jsonRefusal });
  const queueHost = (input: object) => ({
    origin: new URL('/', (input as { readonly QueueUrl: string }).QueueUrl).origin,
  });
  const call: QueueCalls = jsonCalls(
    service,
    'AmazonSQS',
    options.useQueueHost ? queueHost : undefined,
  );
  return async (operation, input, signal) => {
    const output = await call(operation, input, signal);
    if (operation === 'SendMessage' || operation === 'SendMessageBatch') {
      checkReceived(input as Sent, output as Received);
    }
    return output;
  };
}

interface Sent {
  readonly MessageBody?: string | undefined;
  readonly Entries?: readonly { readonly Id: string; readonly MessageBody?: string | undefined }[];
}

interface Received extends Digest {
  readonly Successful?: QueueOperations['SendMessageBatch'][1]['Successful'];
}

function checkReceived({ MessageBody, Entries }: Sent, received: Received): void {
  if (MessageBody !== undefined) check(MessageBody, received);
  for (const one of received.Successful ?? []) {
    check(Entries?.find(({ Id }) => Id === one.Id)?.MessageBody ?? '', one);
  }
}

function check(sent: string, { MD5OfMessageBody }: Digest): void {
  if (MD5OfMessageBody !== createHash('md5').update(sent).digest('hex')) {
    throw new Error('SQS has received another message than the one that was sent');
  }
}
