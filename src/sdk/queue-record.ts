import type { SQSRecord } from 'aws-lambda';

/** What the SDK uses of a record of the plugin's queue, as Lambda hands it over. */
export type QueueRecord = Pick<SQSRecord, 'messageId' | 'receiptHandle' | 'body'> & {
  readonly attributes: Pick<SQSRecord['attributes'], 'ApproximateReceiveCount'>;
};

/** How often SQS has delivered the message, this time included: 1 at its first delivery. */
export function receiveCountOf({ attributes }: Pick<QueueRecord, 'attributes'>): number {
  return Number(attributes.ApproximateReceiveCount);
}
