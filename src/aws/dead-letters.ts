import type { Message, SQSClient } from '@aws-sdk/client-sqs';
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import type { DeadLetter, DeadLetters } from '../ports/dead-letters.ts';

/** If the process dies before it has put messages back, SQS shows them again after this long. */
const HIDDEN_SECONDS = 60;

/** A search ends here: at some 20 ms for ten messages, before the API's time is up. */
const LOOKED_AT = 5000;
const LOOK_FOR_MS = 15_000;

/** The most that a call gives, or takes. */
const BATCH = 10;

export interface DeadLetterQueues {
  readonly deadLetterQueueUrl: string;
  readonly orchestratorQueueUrl: string;
}

export function createDeadLetters(
  sqs: SQSClient,
  { deadLetterQueueUrl: QueueUrl, orchestratorQueueUrl }: DeadLetterQueues,
): DeadLetters {
  return {
    async list(limit) {
      const [letters, total] = await Promise.all([
        looking(limit, async (messages) => messages.slice(0, limit).map(letterOf), never),
        count(),
      ]);
      return { letters, total: Math.max(total, letters.length) };
    },

    find: (id) => withMessage(id, async (message) => letterOf(message)),

    async redrive(id) {
      const done = await withMessage(id, async (message) => {
        const { Body: MessageBody } = message;
        await sqs.send(new SendMessageCommand({ QueueUrl: orchestratorQueueUrl, MessageBody }));
        await remove(message);
        return true;
      });
      return done ?? false;
    },

    drop: (id) =>
      withMessage(id, async (message) => {
        await remove(message);
        return letterOf(message);
      }),
  };

  async function withMessage<T>(
    id: string,
    act: (message: Message) => Promise<T>,
  ): Promise<T | undefined> {
    const isIt = ({ MessageId }: Message) => MessageId === id;
    return looking(
      LOOKED_AT,
      async (messages) => {
        const message = messages.find(isIt);
        return message && act(message);
      },
      isIt,
    );
  }

  /** Takes messages until there are enough, one is the last that is needed, or none is left; puts back what is still there. */
  async function looking<T>(
    most: number,
    use: (messages: readonly Message[]) => Promise<T>,
    isLast: (message: Message) => boolean,
  ): Promise<T> {
    const until = Date.now() + LOOK_FOR_MS;
    const taken: Message[] = [];
    try {
      while (taken.length < most && Date.now() < until) {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({
            ...{ QueueUrl, MaxNumberOfMessages: BATCH, VisibilityTimeout: HIDDEN_SECONDS },
            // A short poll asks some of the queue's servers only, and may find nothing where there is something.
            WaitTimeSeconds: 1,
            MessageSystemAttributeNames: ['SentTimestamp'],
          }),
        );
        taken.push(...Messages);
        if (Messages.length === 0 || Messages.some(isLast)) break;
      }
      return await use(taken);
    } finally {
      await putBack(taken);
    }
  }

  /** What cannot be put back now comes back by itself: no reason to say that what was done has failed. */
  async function putBack(messages: readonly Message[]): Promise<void> {
    for (let from = 0; from < messages.length; from += BATCH) {
      const Entries = messages.slice(from, from + BATCH).map(({ ReceiptHandle }, index) => ({
        ...{ Id: String(index), ReceiptHandle, VisibilityTimeout: 0 },
      }));
      const command = new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries });
      await sqs.send(command).catch(() => undefined);
    }
  }

  async function remove({ ReceiptHandle }: Message): Promise<void> {
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  }

  async function count(): Promise<number> {
    const AttributeNames = [
      'ApproximateNumberOfMessages',
      'ApproximateNumberOfMessagesNotVisible',
    ] as const;
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] }),
    );
    return AttributeNames.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
  }
}

const never = () => false;

function letterOf({ MessageId = '', Body = '', Attributes }: Message): DeadLetter {
  return { id: MessageId, sentAt: Number(Attributes?.SentTimestamp ?? 0), body: Body };
}
