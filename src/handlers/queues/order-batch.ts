import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { OrderEvent } from '../../core/event.ts';
import { advanceOrders } from '../../engine/engine.ts';
import type { Ports } from '../../engine/ports.ts';
import { logger } from '../logger.ts';

/** What one record says of orders. */
export interface RecordReading {
  readonly events: readonly (readonly [orderId: string, event: OrderEvent])[];
  /** What is wrong with the rest of the record: the events count, and the record comes again until it is a dead letter. */
  readonly complaint?: string;
}

/**
 * Applies the records of a batch, grouped by order. A record has failed when it cannot be read, or when an order in it
 * could not be advanced; the others are done.
 */
export async function applyRecords(
  { Records }: SQSEvent,
  read: (record: SQSRecord) => RecordReading,
  ports: Ports,
): Promise<SQSBatchResponse> {
  const byOrder = new Map<string, OrderEvent[]>();
  const recordsOf = new Map<string, Set<string>>();
  const failed = new Set<string>();
  for (const record of Records) {
    const { messageId } = record;
    const { events, complaint } = reading(record, read);
    if (complaint !== undefined) {
      logger.error('record refused', { messageId, complaint });
      failed.add(messageId);
    }
    for (const [orderId, event] of events) {
      byOrder.set(orderId, [...(byOrder.get(orderId) ?? []), event]);
      recordsOf.set(orderId, (recordsOf.get(orderId) ?? new Set()).add(messageId));
    }
  }
  const { outcomes, failures } = await advanceOrders(byOrder, ports);
  for (const [orderId, error] of failures) {
    logger.error('order not advanced', { orderId, error });
    for (const messageId of recordsOf.get(orderId) ?? []) failed.add(messageId);
  }
  for (const [orderId, outcome] of outcomes) {
    if (!outcome.known) logger.warn('order unknown', { orderId });
  }
  return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) };
}

function reading(record: SQSRecord, read: (record: SQSRecord) => RecordReading): RecordReading {
  try {
    return read(record);
  } catch (error) {
    return { events: [], complaint: error instanceof Error ? error.message : String(error) };
  }
}
