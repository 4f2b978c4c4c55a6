import type { QueueCalls, ReceivedMessage } from '../aws-calls/queue-service.ts';
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
  sqs: QueueCalls,
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
        await sqs('SendMessage', { QueueUrl: orchestratorQueueUrl, MessageBody });
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
    act: (message: ReceivedMessage) => Promise<T>,
  ): Promise<T | undefined> {
    const isIt = ({ MessageId }: ReceivedMessage) => MessageId === id;
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
    use: (messages: readonly ReceivedMessage[]) => Promise<T>,
    isLast: (message: ReceivedMessage) => boolean,
  ): Promise<T> {
    const until = Date.now() + LOOK_FOR_MS;
    const taken: ReceivedMessage[] = [];
    try {
      while (taken.length < most && Date.now() < until) {
        const { Messages = [] } = await sqs('ReceiveMessage', {
          ...{ QueueUrl, MaxNumberOfMessages: BATCH, VisibilityTimeout: HIDDEN_SECONDS },
          // A short poll asks some of the queue's servers only, and may find nothing where there is something.
          WaitTimeSeconds: 1,
          MessageSystemAttributeNames: ['SentTimestamp'],
        });
        taken.push(...Messages);
        if (Messages.length === 0 || Messages.some(isLast)) break;
      }
      return await use(taken);
    } finally {
      await putBack(taken);
    }
  }

  /** What cannot be put back now comes back by itself: no reason to say that what was done has failed. */
  async function putBack(messages: readonly ReceivedMessage[]): Promise<void> {
    for (let from = 0; from < messages.length; from += BATCH) {
      const Entries = messages.slice(from, from + BATCH).map(({ ReceiptHandle }, index) => ({
        ...{ Id: String(index), ReceiptHandle, VisibilityTimeout: 0 },
      }));
      const input = { QueueUrl, Entries };
      await sqs('ChangeMessageVisibilityBatch', input).catch(() => undefined);
    }
  }

  async function remove({ ReceiptHandle }: ReceivedMessage): Promise<void> {
    await sqs('DeleteMessage', { QueueUrl, ReceiptHandle });
  }

  async function count(): Promise<number> {
    const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'];
    const { Attributes = {} } = await sqs('GetQueueAttributes', { QueueUrl, AttributeNames });
    return AttributeNames.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
  }
}

const never = () => false;

function letterOf({ MessageId = '', Body = '', Attributes }: ReceivedMessage): DeadLetter {
  return { id: MessageId, sentAt: Number(Attributes?.SentTimestamp ?? 0), body: Body };
}
