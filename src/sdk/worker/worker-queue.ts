import { connectQueueService } from '../../aws-calls/queue-service.ts';
import type { QueueRecord } from '../queue-record.ts';
import { HIDDEN_SECONDS } from './hold-message.ts';

/** The plugin's queue, as a worker sees it. */
export interface WorkerQueue {
  /** At most so many messages (1 to 10). It waits for the first one, 20 seconds at most. */
  receive(most: number): Promise<readonly QueueRecord[]>;
  /** Hides a message for so many seconds from now on. */
  hide(record: QueueRecord, seconds: number): Promise<void>;
}

/** The longest wait that SQS knows; a shorter one would only cost more. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html */
const WAIT_SECONDS = 20;

/** A call that fails is tried once more; after that the worker's own pauses begin. */
const MAX_ATTEMPTS = 2;
const PATIENCE = { connectionTimeout: 2000, requestTimeout: 2500, socketTimeout: 2500 };
const POLL_MS = (WAIT_SECONDS + 10) * 1000;
const POLL_PATIENCE = { connectionTimeout: 2000, requestTimeout: POLL_MS, socketTimeout: POLL_MS };

/** @param variables where the region, the credentials and the endpoint stand, at the time of each call */
export function connectWorkerQueue(QueueUrl: string, variables: NodeJS.ProcessEnv): WorkerQueue {
  const options = { variables, maxAttempts: MAX_ATTEMPTS, useQueueHost: true };
  const poll = connectQueueService({ ...options, patience: POLL_PATIENCE });
  const call = connectQueueService({ ...options, patience: PATIENCE });
  return {
    async receive(MaxNumberOfMessages) {
      const { Messages = [] } = await poll('ReceiveMessage', {
        ...{ QueueUrl, MaxNumberOfMessages },
        VisibilityTimeout: HIDDEN_SECONDS,
        WaitTimeSeconds: WAIT_SECONDS,
        MessageSystemAttributeNames: ['ApproximateReceiveCount'],
      });
      return Messages.map(({ MessageId = '', ReceiptHandle = '', Body = '', Attributes }) => ({
        messageId: MessageId,
        receiptHandle: ReceiptHandle,
        body: Body,
        attributes: { ApproximateReceiveCount: Attributes?.ApproximateReceiveCount ?? '1' },
      }));
    },
    async hide({ receiptHandle: ReceiptHandle }, VisibilityTimeout) {
      await call('ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout });
    },
  };
}
