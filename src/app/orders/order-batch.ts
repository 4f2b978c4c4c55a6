import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import {
  inRedeliveryOrder,
  isRedelivered,
  RECEIVES_COUNTED_AS_AGE,
  receiveCountOf,
} from '../../contract/redelivery.ts';
import type { WorkerReport } from '../../contract/worker-report.ts';
import type { OrderEvent } from '../../core/event.ts';
import { advanceOrders } from '../../engine/engine.ts';
import type { EnginePorts } from '../../engine/engine-ports.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { Redelivery } from '../../ports/redelivery.ts';
import { comeBackSooner } from '../come-back-sooner.ts';
import { logger } from '../logger.ts';
import type { Judge, Judgement } from '../quarantine/judgement.ts';
import { judgementsIn } from '../quarantine/judgement.ts';
import type { RefusedAnswer } from './read-answers.ts';

export interface BatchPorts extends EnginePorts {
  readonly metrics: Metrics;
  readonly redelivery: Redelivery;
}

/** What one record says of orders. */
export interface RecordReading {
  readonly events: readonly (readonly [orderId: string, event: OrderEvent])[];
  /** Answers that have become failures among the events, since they could not be taken as they were. */
  readonly refused?: readonly RefusedAnswer[];
  /** What is wrong with the rest of the record: the events count, and the record comes again until it is a dead letter. */
  readonly complaint?: string;
  /** What its results have that were fetched from the bucket. */
  readonly fetchedBytes?: number;
  /** What other functions have seen of attempts. */
  readonly judgements?: readonly Judgement[];
  /** A plugin in quarantine for which something may be due. */
  readonly due?: string;
  /** What a worker says of itself. */
  readonly worker?: WorkerReport;
}

/** What becomes of plugins, beside the orders. */
export interface PluginCare {
  readonly judge: Judge;
  readonly tend: (plugin: string) => Promise<void>;
  readonly meet: (worker: WorkerReport) => Promise<void>;
}

type ReadRecord = (record: SQSRecord) => RecordReading | Promise<RecordReading>;

/** Records whose results together have more are not applied together: an instance has 512 MB. */
const MAX_FETCHED_BYTES = 16 * 1024 * 1024;

/**
 * Applies the records of a batch. A record has failed when it cannot be read, or when an order in it could not be advanced; the
 * others are done. Records that come for the first time are applied together, grouped by order. One that came before
 * may have ended the process that took it: such records are applied one by one, in an order that changes each time, and each that is done
 * goes before the next one may end the process.
 */
export async function applyRecords(
  { Records }: SQSEvent,
  read: ReadRecord,
  ports: BatchPorts,
  care: PluginCare,
): Promise<SQSBatchResponse> {
  const first = Records.filter((record) => !isRedelivered(record));
  const again = inRedeliveryOrder(Records.filter(isRedelivered).map((record) => ({ record })));
  const failed = await applyInGroups(first, read, ports, care);
  for (const { record } of again) {
    const failures = await applyInGroups([record], read, ports, care);
    failed.push(...failures);
    if (failures.length === 0 && record !== again.at(-1)?.record) await preclude(record, ports);
  }
  countFailing(failed, ports.metrics);
  await Promise.all(failed.map((record) => comeBackSooner(record, ports)));
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

interface ReadRecordOf {
  readonly record: SQSRecord;
  readonly reading: RecordReading;
}

/** Applies records together, as far as their results fit into memory together. @returns the records that failed. */
async function applyInGroups(
  records: readonly SQSRecord[],
  read: ReadRecord,
  ports: BatchPorts,
  care: PluginCare,
): Promise<SQSRecord[]> {
  const failed: SQSRecord[] = [];
  let group: ReadRecordOf[] = [];
  let fetched = 0;
  for (const record of records) {
    const reading = await readingOf(record, read);
    group.push({ record, reading });
    fetched += reading.fetchedBytes ?? 0;
    if (fetched <= MAX_FETCHED_BYTES) continue;
    failed.push(...(await applyTogether(group, ports, care)));
    group = [];
    fetched = 0;
  }
  failed.push(...(await applyTogether(group, ports, care)));
  return failed;
}

/** @returns the records that failed. */
async function applyTogether(
  records: readonly ReadRecordOf[],
  ports: BatchPorts,
  { judge, tend, meet }: PluginCare,
): Promise<SQSRecord[]> {
  const byOrder = new Map<string, OrderEvent[]>();
  const recordsOf = new Map<string, Set<SQSRecord>>();
  const failed = new Set<SQSRecord>();
  const told: Judgement[] = [];
  const due = new Map<string, SQSRecord>();
  for (const { record, reading } of records) {
    const { events, refused = [], complaint } = reading;
    told.push(...(reading.judgements ?? []));
    if (reading.due !== undefined) due.set(reading.due, record);
    tellOf(refused, ports.metrics);
    if (complaint !== undefined) {
      logger.error('record refused', { messageId: record.messageId, complaint });
      failed.add(record);
    }
    for (const [orderId, event] of events) {
      byOrder.set(orderId, [...(byOrder.get(orderId) ?? []), event]);
      recordsOf.set(orderId, (recordsOf.get(orderId) ?? new Set()).add(record));
    }
  }
  countFailures([...byOrder.values()].flat(), ports.metrics);
  const { outcomes, failures } = await advanceOrders(byOrder, ports);
  for (const [orderId, error] of failures) {
    logger.error('order not advanced', { orderId, error });
    for (const record of recordsOf.get(orderId) ?? []) failed.add(record);
  }
  for (const [orderId, outcome] of outcomes) {
    if (!outcome.known) logger.warn('order unknown', { orderId });
  }
  await judge([...judgementsIn(outcomes), ...told]);
  const tryFor = async (record: SQSRecord, plugin: string, care: Promise<void>) => {
    try {
      await care;
    } catch (error) {
      logger.error('plugin not cared for', { plugin, error: error as Error });
      failed.add(record);
    }
  };
  for (const [plugin, record] of due) await tryFor(record, plugin, tend(plugin));
  await Promise.all(
    records.flatMap(({ record, reading: { worker } }) =>
      worker === undefined ? [] : [tryFor(record, worker.plugin, meet(worker))],
    ),
  );
  return [...failed];
}

/** Otherwise it would come again if a later record ended the process. If that fails, it does. */
async function preclude(record: SQSRecord, { redelivery }: BatchPorts): Promise<void> {
  const { messageId, eventSourceARN: queueArn, receiptHandle } = record;
  try {
    await redelivery.preclude({ queueArn, receiptHandle });
  } catch (error) {
    logger.warn('record stays until its batch is done', { messageId, error: error as Error });
  }
}

/** Records that keep failing ring an alarm of their own: the age of their queue's oldest message leaves them out. */
function countFailing(failed: readonly SQSRecord[], metrics: Metrics): void {
  const failing = failed.filter((record) => receiveCountOf(record) > RECEIVES_COUNTED_AS_AGE);
  if (failing.length > 0) metrics.publish({}, { RecordsFailing: failing.length });
}

/** A plugin's failed attempts are what tells one that fails from one that is slow. While all goes well, nothing is published. */
function countFailures(events: readonly OrderEvent[], metrics: Metrics): void {
  const failures = events.filter(
    (event) => event.type === 'TaskFailed' || event.type === 'TaskDeadLettered',
  );
  for (const [plugin, failed] of Map.groupBy(failures, ({ by }) => by)) {
    if (plugin !== undefined) metrics.publish({ Plugin: plugin }, { TasksFailed: failed.length });
  }
}

/** A plugin whose answers cannot be taken is told by name: it may not use the SDK, which refuses them before they leave. */
function tellOf(refused: readonly RefusedAnswer[], metrics: Metrics): void {
  for (const [plugin, ofPlugin] of Map.groupBy(refused, (one) => one.plugin)) {
    for (const { orderId, error } of ofPlugin) {
      logger.warn('answer refused', { orderId, plugin, ...error });
    }
    metrics.publish({ Plugin: plugin }, { AnswersRefused: ofPlugin.length });
  }
}

async function readingOf(record: SQSRecord, read: ReadRecord): Promise<RecordReading> {
  try {
    return await read(record);
  } catch (error) {
    return { events: [], complaint: error instanceof Error ? error.message : String(error) };
  }
}
