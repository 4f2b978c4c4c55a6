import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { OrderEvent } from '../../core/event.ts';
import { advanceOrders } from '../../engine/engine.ts';
import type { EnginePorts } from '../../engine/engine-ports.ts';
import type { Metrics } from '../../ports/metrics.ts';
import { logger } from '../logger.ts';

export interface BatchPorts extends EnginePorts {
  readonly metrics: Metrics;
}

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
  ports: BatchPorts,
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
  countFailures([...byOrder.values()].flat(), ports.metrics);
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

/** A plugin's failed attempts are what tells one that fails from one that is slow. While all goes well, nothing is published. */
function countFailures(events: readonly OrderEvent[], metrics: Metrics): void {
  const failures = events.filter((event) => event.type === 'TaskFailed');
  for (const [plugin, failed] of Map.groupBy(failures, ({ by }) => by)) {
    if (plugin !== undefined) metrics.publish({ Plugin: plugin }, { TasksFailed: failed.length });
  }
}

function reading(record: SQSRecord, read: (record: SQSRecord) => RecordReading): RecordReading {
  try {
    return read(record);
  } catch (error) {
    return { events: [], complaint: error instanceof Error ? error.message : String(error) };
  }
}
