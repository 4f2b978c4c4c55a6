import type { Patience } from '../aws-calls/aws-service.ts';
import { connectQueueService } from '../aws-calls/queue-service.ts';

/** The calls of SQS that a plugin makes. */
export interface QueueCalls {
  send(queueUrl: string, body: string): Promise<void>;
  remove(queueUrl: string, receiptHandle: string): Promise<void>;
  /** Makes a message visible again in so many seconds. */
  delay(queueUrl: string, receiptHandle: string, seconds: number): Promise<void>;
}

/** With the pauses between them, all tries fit into a short function's ten seconds. */
const MAX_ATTEMPTS = 3;
const PATIENCE = { connectionTimeout: 1000, requestTimeout: 2500, socketTimeout: 2500 };

/** @param variables where the region, the credentials and the endpoint stand, at the time of each call */
export function connectQueues(
  variables: NodeJS.ProcessEnv = process.env,
  patience: Partial<Patience> = {},
): QueueCalls {
  const call = connectQueueService({
    ...{ variables, maxAttempts: MAX_ATTEMPTS, useQueueHost: true },
    patience: { ...PATIENCE, ...patience },
  });
  return {
    async send(QueueUrl, MessageBody) {
      await call('SendMessage', { QueueUrl, MessageBody });
    },
    async remove(QueueUrl, ReceiptHandle) {
      await call('DeleteMessage', { QueueUrl, ReceiptHandle });
    },
    async delay(QueueUrl, ReceiptHandle, VisibilityTimeout) {
      await call('ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout });
    },
  };
}
