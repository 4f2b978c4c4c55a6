import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { jsonBytes } from '../../contract/json-text.ts';
import type { WorkerSeen } from '../../contract/messages.ts';
import type { Payloads } from '../../contract/payloads.ts';
import { isRedelivered } from '../../contract/redelivery.ts';
import type { WorkerReport } from '../../contract/worker-report.ts';
import { isGenuine } from '../../contract/worker-report.ts';
import { defined } from '../../core/defined.ts';
import type { Instant } from '../../core/json.ts';
import type { DueEvent } from '../../engine/due-event.ts';
import type { ChildPorts } from '../../engine/tending-children.ts';
import { tendChild } from '../../engine/tending-children.ts';
import { tendEvents } from '../../engine/tending-events.ts';
import type { MasterSecret } from '../../ports/master-secret.ts';
import type { Workers } from '../../ports/workers.ts';
import { createJudge } from '../quarantine/judge-plugins.ts';
import type { Judgement } from '../quarantine/judgement.ts';
import type { TendingPorts } from '../quarantine/tend-plugin.ts';
import { tendPlugin } from '../quarantine/tend-plugin.ts';
import { keysOf } from './keys-of.ts';
import type { BatchPorts, RecordReading } from './order-batch.ts';
import { applyRecords } from './order-batch.ts';
import type { AnswerReading } from './read-answers.ts';
import { readMessage } from './read-answers.ts';
import { readWholeAnswer } from './stored-results.ts';

export interface OrchestratePorts
  extends BatchPorts,
    Pick<TendingPorts, 'failureWindows' | 'queueGauges'> {
  readonly masterSecret: MasterSecret;
  readonly payloads: Pick<Payloads, 'get'>;
  readonly workers: Pick<Workers, 'record'>;
}

/** Timers are set in whole seconds, and clocks differ: a timer that rings this early counts as on time. */
const EARLY_TIMER_MS = 2000;

/** Applies what the orchestrator's queue brings: plugins' answers, and nudges that Baton sent itself. */
export function makeOrchestrate(ports: OrchestratePorts) {
  const judge = createJudge(ports);
  const tend = (plugin: string) => tendPlugin(plugin, ports);
  const meet = (report: WorkerReport) => ports.workers.record(report);
  return middy<SQSEvent, SQSBatchResponse>().handler(async (event: SQSEvent) => {
    const secrets = await ports.masterSecret.read();
    const known = new Map<string, readonly string[]>();
    const keys = (plugin: string) => {
      const found = known.get(plugin) ?? keysOf(secrets, plugin);
      known.set(plugin, found);
      return found;
    };
    const now = ports.clock();
    return applyRecords(event, (record) => readRecord(record, keys, now, ports), ports, {
      ...{ judge, tend, meet },
    });
  });
}

/**
 * Each answer is judged by itself: what is wrong with one costs the others beside it nothing, each time that the message comes. One that
 * nobody is known to have sent is refused, and the message ends as a dead letter, for someone to look at: to apply the others again
 * changes nothing.
 */
async function readRecord(
  record: SQSRecord,
  keys: (plugin: string) => readonly string[],
  now: Instant,
  ports: ChildPorts & Pick<OrchestratePorts, 'payloads' | 'awaitedEvents'>,
): Promise<RecordReading> {
  const { message, answers } = readMessage(record.body);
  // By the time that a message comes again, its order may have moved on, and a refused entry costs more than a read.
  const isAgain = isRedelivered(record);
  const unseal = async (orderId: string, sealed: string | undefined) => {
    if (sealed !== undefined && !isAgain) await ports.journal.unseal(orderId, sealed);
  };
  if (answers !== undefined) {
    const sentAt = sentAtOf(record, now);
    const read: (AnswerReading & { readonly fetchedBytes?: number })[] = [];
    for (const answer of answers) {
      read.push(await readWholeAnswer(answer, keys, { now, sentAt }, ports.payloads));
    }
    const fetchedBytes = read.reduce((sum, one) => sum + (one.fetchedBytes ?? 0), 0);
    for (const one of read) if ('event' in one) await unseal(one.orderId, one.sealed);
    const events = read.flatMap((one) =>
      'event' in one ? [[one.orderId, one.event] as const] : [],
    );
    const refused = read.flatMap((one) => ('event' in one && one.refused ? [one.refused] : []));
    const complaints = read.flatMap((one) => ('complaint' in one ? [one.complaint] : []));
    if (complaints.length === 0) return { events, refused, fetchedBytes };
    const reasons = [...new Set(complaints)].join('; ');
    const complaint = `${complaints.length} of ${read.length} answers are refused: ${reasons}`;
    return { events, refused, complaint, fetchedBytes };
  }
  if (message.type === 'PluginDue') return { events: [], due: message.plugin };
  if (message.type === 'AttemptsJudged')
    return { events: [], judgements: message.judgements as readonly Judgement[] };
  if (message.type === 'WorkerSeen') return readWorker(message, keys, now);
  const { orderId } = message;
  if (message.type === 'TaskReleased') {
    const { plugin, parkedIn, canary, task } = message;
    const meant = { plugin, parkedIn, ...defined({ canary, task }) };
    return { events: [[orderId, { type: 'TaskReleased', at: now, ...meant }]] };
  }
  if (message.type === 'ChildDue') {
    return readDue(await tendChild({ ...message, isAgain, sentAt: sentAtOf(record, now) }, ports));
  }
  if (message.type === 'EventDue') {
    return readDue(await tendEvents({ ...message, isAgain }, ports));
  }
  if (message.type === 'OrderAccepted') {
    await unseal(orderId, message.sealed);
    return { events: [[orderId, { type: 'OrderAccepted', at: now }]] };
  }
  const isEarly = message.at > now && message.at - now <= EARLY_TIMER_MS;
  const at = isEarly ? message.at : now;
  return { events: [[orderId, { type: 'DeadlinePassed', at, armedFor: message.at }]] };
}

function sentAtOf({ attributes }: SQSRecord, now: Instant): Instant {
  return Number(attributes?.SentTimestamp ?? now);
}

/** The result of a child order, or the data of an event, is as large as any that lay in the bucket. */
function readDue(events: readonly DueEvent[]): RecordReading {
  const results = events.flatMap(([, event]) => {
    if (event.type === 'EventReceived') return [event.data];
    return event.type === 'TaskCompleted' ? [event.result] : [];
  });
  return { events, fetchedBytes: results.reduce<number>((sum, one) => sum + jsonBytes(one), 0) };
}

/** A worker is taken for no younger than its report arrives: its clock may be ahead. */
function readWorker(
  { report, signature }: WorkerSeen,
  keys: (plugin: string) => readonly string[],
  now: Instant,
): RecordReading {
  if (!isGenuine(report, signature, keys(report.plugin))) {
    return { events: [], complaint: 'the report of a worker is forged' };
  }
  return { events: [], worker: { ...report, at: Math.min(now, report.at) } };
}
