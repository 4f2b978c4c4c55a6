import type { SQSRecord } from 'aws-lambda';
import { pauseSecondsAfter } from '../contract/redelivery.ts';
import type { Redelivery } from '../ports/redelivery.ts';
import { logger } from './logger.ts';

/**
 * Brings a record that failed back after 1, 2, 4 … 60 seconds, by its receive count: otherwise it would wait out its queue's whole visibility
 * timeout. Never rejects: if it cannot be brought back, it does wait.
 */
export async function comeBackSooner(
  record: SQSRecord,
  { redelivery }: { readonly redelivery: Pick<Redelivery, 'delay'> },
): Promise<void> {
  const { messageId, eventSourceARN: queueArn, receiptHandle } = record;
  try {
    await redelivery.delay({ queueArn, receiptHandle }, pauseSecondsAfter(record));
  } catch (error) {
    logger.warn('record waits out its visibility', { messageId, error: error as Error });
  }
}
