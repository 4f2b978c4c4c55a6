import type { SQSClient } from '@aws-sdk/client-sqs';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { OperationQueue } from '../ports/operations.ts';

export function createOperationQueue(sqs: SQSClient, QueueUrl: string): OperationQueue {
  return {
    async send(message, DelaySeconds) {
      const MessageBody = JSON.stringify(message);
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, DelaySeconds }));
    },
  };
}
