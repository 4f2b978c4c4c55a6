import type { QueueCalls } from '../aws-calls/queue-service.ts';
import type { Redelivery } from '../ports/redelivery.ts';

export function createRedelivery(sqs: QueueCalls): Redelivery {
  return {
    async delay({ queueArn, receiptHandle: ReceiptHandle }, VisibilityTimeout) {
      const input = { QueueUrl: urlOf(queueArn), ReceiptHandle, VisibilityTimeout };
      await sqs('ChangeMessageVisibility', input);
    },

    async preclude({ queueArn, receiptHandle: ReceiptHandle }) {
      await sqs('DeleteMessage', { QueueUrl: urlOf(queueArn), ReceiptHandle });
    },
  };
}

/** The client calls its region's endpoint whatever the host says: of the URL, SQS reads account and name. */
function urlOf(arn: string): string {
  const [, partition, , region, account, name] = arn.split(':');
  const domain = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `https://sqs.${region}.${domain}/${account}/${name}`;
}
