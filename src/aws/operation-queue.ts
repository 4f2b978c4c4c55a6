import type { QueueCalls } from '../aws-calls/queue-service.ts';
import type { OperationQueue } from '../ports/operations.ts';

export function createOperationQueue(sqs: QueueCalls, QueueUrl: string): OperationQueue {
  return {
    async send(message, DelaySeconds) {
      const MessageBody = JSON.stringify(message);
      await sqs('SendMessage', { QueueUrl, MessageBody, DelaySeconds });
    },
  };
}
