import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { readJson } from '../../contract/json-text.ts';
import type { TaskAnswer } from '../../contract/messages.ts';
import { MAX_ANSWERS_DEPTH, orchestratorMessageSchema } from '../../contract/messages.ts';
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
 * A forged answer is refused, and its message with it; the honest answers beside it are applied nevertheless, each time
 * that the message comes. To apply them again changes nothing, and the message ends as a dead letter, for someone to look at.
 */
function readRecord(
  { body }: SQSRecord,
  keyOf: (plugin: string) => string,
  now: Instant,
): RecordReading {
  const message = parse(orchestratorMessageSchema, readJson(body, MAX_ANSWERS_DEPTH));
  if ('answers' in message) {
    const claims = message.answers.map((answer) => ({
      answer,
      claim: readToken(answer.token, keyOf),
    }));
    const honest = claims.flatMap(({ answer, claim }) =>
      claim === undefined ? [] : [[claim.orderId, eventOf(answer, claim, now)] as const],
    );
    const forged = claims.length - honest.length;
    if (forged === 0) return { events: honest };
    return { events: honest, complaint: `${forged} of ${claims.length} answers are forged` };
  }
  const { orderId } = message;
  if (message.type === 'OrderAccepted') {
    return { events: [[orderId, { type: 'OrderAccepted', at: now }]] };
  }
  const early = message.at > now && message.at - now <= EARLY_TIMER_MS;
  const at = early ? message.at : now;
  return { events: [[orderId, { type: 'DeadlinePassed', at, armedFor: message.at }]] };
}

function eventOf(
  answer: TaskAnswer,
  { taskId, attempt, plugin }: TaskClaim,
  at: Instant,
): OrderEvent {
  const task = { at, taskId, attempt, by: plugin };
  switch (answer.type) {
    case 'TaskCompleted':
      return { type: 'TaskCompleted', ...task, result: answer.result };
    case 'TaskHeartbeat':
    case 'TaskExpired':
      return { type: answer.type, ...task };
    case 'TaskFailed': {
      const { error, retry, afterSeconds } = answer;
      if (retry !== 'later') return { type: 'TaskFailed', ...task, error, retry };
      return { type: 'TaskFailed', ...task, error, retry, afterSeconds: afterSeconds ?? 0 };
    }
  }
}
