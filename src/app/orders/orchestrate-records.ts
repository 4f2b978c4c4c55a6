import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import { readJson } from '../../contract/json-text.ts';
import type { TaskAnswer } from '../../contract/messages.ts';
import {
  answerSchema,
  MAX_ANSWERS_DEPTH,
  orchestratorMessageSchema,
} from '../../contract/messages.ts';
import { parse } from '../../contract/parse.ts';
import type { TaskClaim } from '../../contract/task-token.ts';
import { pluginKey, readToken } from '../../contract/task-token.ts';
import type { OrderEvent } from '../../core/event.ts';
import type { Instant } from '../../core/json.ts';
import type { MasterSecret } from '../../ports/master-secret.ts';
import type { BatchPorts, RecordReading } from './order-batch.ts';
import { applyRecords } from './order-batch.ts';

export interface OrchestratePorts extends BatchPorts {
  readonly masterSecret: MasterSecret;
}

/** Timers are set in whole seconds, and clocks differ: a timer that rings this early counts as on time. */
const EARLY_TIMER_MS = 2000;

/** Applies what the orchestrator's queue brings: plugins' answers, and nudges that Baton sent itself. */
export function makeOrchestrate(ports: OrchestratePorts) {
  return middy<SQSEvent, SQSBatchResponse>().handler(async (event: SQSEvent) => {
    const master = await ports.masterSecret.read();
    const keys = new Map<string, string>();
    const keyOf = (plugin: string) => {
      const key = keys.get(plugin) ?? pluginKey(master, plugin);
      keys.set(plugin, key);
      return key;
    };
    const now = ports.clock();
    return applyRecords(event, (record) => readRecord(record, keyOf, now), ports);
  });
}

/**
 * Each answer is judged by itself: a malformed or forged one is refused, and the others beside it are applied, each time
 * that the message comes. To apply them again changes nothing, and the message ends as a dead letter, for someone to look at.
 */
function readRecord(
  { body, attributes }: SQSRecord,
  keyOf: (plugin: string) => string,
  now: Instant,
): RecordReading {
  const message = parse(orchestratorMessageSchema, readJson(body, MAX_ANSWERS_DEPTH));
  if ('answers' in message) {
    const sentAt = Number(attributes?.SentTimestamp ?? now);
    const read = message.answers.map((answer) => readAnswer(answer, keyOf, { now, sentAt }));
    const events = read.flatMap((one) => (typeof one === 'string' ? [] : [one]));
    const complaints = read.filter((one) => typeof one === 'string');
    if (complaints.length === 0) return { events };
    const reasons = [...new Set(complaints)].join('; ');
    const complaint = `${complaints.length} of ${read.length} answers are refused: ${reasons}`;
    return { events, complaint };
  }
  const { orderId } = message;
  if (message.type === 'OrderAccepted') {
    return { events: [[orderId, { type: 'OrderAccepted', at: now }]] };
  }
  const isEarly = message.at > now && message.at - now <= EARLY_TIMER_MS;
  const at = isEarly ? message.at : now;
  return { events: [[orderId, { type: 'DeadlinePassed', at, armedFor: message.at }]] };
}

/** The order and the event of an answer, or what is wrong with it. */
function readAnswer(
  value: unknown,
  keyOf: (plugin: string) => string,
  { now, sentAt }: { readonly now: Instant; readonly sentAt: Instant },
): readonly [orderId: string, event: OrderEvent] | string {
  const answer = answerSchema.safeParse(value);
  if (!answer.success) return z.prettifyError(answer.error);
  const claim = readToken(answer.data.token, keyOf);
  if (claim === undefined) return 'it is forged';
  return [claim.orderId, eventOf(answer.data, claim, now, sentAt)];
}

function eventOf(
  answer: TaskAnswer,
  { taskId, attempt, plugin }: TaskClaim,
  at: Instant,
  sentAt: Instant,
): OrderEvent {
  const task = { at, taskId, attempt, by: plugin };
  switch (answer.type) {
    case 'TaskCompleted':
      return { type: 'TaskCompleted', ...task, result: answer.result };
    case 'TaskHeartbeat':
      return { type: 'TaskHeartbeat', ...task, sentAt };
    case 'TaskExpired':
      return { type: 'TaskExpired', ...task };
    case 'TaskPutOff':
      return { type: 'TaskPutOff', ...task, sentAt };
    case 'TaskFailed': {
      const { error, retry, afterSeconds } = answer;
      if (retry !== 'later') return { type: 'TaskFailed', ...task, error, retry };
      return { type: 'TaskFailed', ...task, error, retry, afterSeconds: afterSeconds ?? 0 };
    }
  }
}
