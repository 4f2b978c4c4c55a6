import * as z from 'zod/mini';
import { MAX_MESSAGE_LENGTH } from '../../contract/failure-limits.ts';
import { elementsOf, lossesIn, memberOf } from '../../contract/json-scan.ts';
import { parseJson } from '../../contract/json-text.ts';
import { isTooDeep, MAX_JSON_DEPTH } from '../../contract/message-text.ts';
import type {
  AnsweredRun,
  NudgeMessage,
  PluginNudge,
  TaskAnswer,
  WorkerSeen,
} from '../../contract/messages.ts';
import {
  answerSchema,
  orchestratorMessageSchema,
  taskTokenSchema,
} from '../../contract/messages.ts';
import { parse, writePath } from '../../contract/parse.ts';
import type { TaskClaim } from '../../contract/task-token.ts';
import { readToken } from '../../contract/task-token.ts';
import { defined } from '../../core/defined.ts';
import type { OrderEvent, Run, TaskFailed } from '../../core/event.ts';
import type { Failure } from '../../core/failure.ts';
import type { Instant } from '../../core/json.ts';

/** An answer that could not be taken as it was: it fails its own attempt. */
export interface RefusedAnswer {
  readonly orderId: string;
  readonly plugin: string;
  readonly error: Failure;
}

export type AnswerReading =
  | {
      readonly orderId: string;
      readonly event: OrderEvent;
      readonly refused?: RefusedAnswer;
      /** Where the order stood when the task was sent, sealed. */
      readonly sealed?: string;
    }
  | { readonly complaint: string };

export interface When {
  readonly now: Instant;
  readonly sentAt: Instant;
}

type Message =
  /** The texts of the answers, each of which may be wrong by itself. */
  | { readonly answers: readonly string[]; readonly message?: never }
  | { readonly message: NudgeMessage | PluginNudge | WorkerSeen; readonly answers?: never };

/** An answer's own braces lie around its result. */
const MAX_ANSWER_DEPTH = MAX_JSON_DEPTH + 1;

/** What every answer begins with, whatever is wrong with the rest of it. */
const headSchema = z.object({
  type: z.enum(['TaskCompleted', 'TaskFailed']),
  token: taskTokenSchema,
});

/** @throws {Problem} for a message that says nothing of any order, or is no JSON at all */
export function readMessage(body: string): Message {
  const message = parse(orchestratorMessageSchema, parseJson(body, Infinity));
  if (!('answers' in message)) return { message };
  return { answers: elementsOf(memberOf(body, 'answers') ?? '[]') };
}

/**
 * The order and the event of an answer. Where its sender is known, but not all of what it says can be taken, its attempt has failed: the
 * message would be no better the next time that it comes. A result that cannot be taken would not be better after another attempt either.
 */
export function readAnswer(
  text: string,
  keysOf: (plugin: string) => readonly string[],
  when: When,
): AnswerReading {
  const value = JSON.parse(text) as unknown;
  const head = headSchema.safeParse(value).data;
  const lost = isTooDeep(text, MAX_ANSWER_DEPTH)
    ? TOO_DEEP
    : head?.type === 'TaskCompleted'
      ? notJson(lossesIn(text))
      : undefined;
  const answer = answerIn(value, lost);
  if ('type' in answer) {
    const claim = readToken(answer.token, keysOf);
    if (claim === undefined) return { complaint: 'it is forged' };
    const sealed = answer.type === 'TaskCompleted' ? answer.sealed : undefined;
    return { orderId: claim.orderId, event: eventOf(answer, claim, when), ...defined({ sealed }) };
  }
  const claim = head && readToken(head.token, keysOf);
  if (claim === undefined) return { complaint: answer.message };
  return refused(claim, answer, head?.type === 'TaskFailed' ? 'policy' : 'never', when);
}

/** The answer, or why it cannot be taken. */
function answerIn(value: unknown, lost: Failure | undefined): TaskAnswer | Failure {
  if (lost !== undefined) return lost;
  const answer = answerSchema.safeParse(value);
  if (answer.success) return answer.data;
  return { code: 'MALFORMED_ANSWER', message: z.prettifyError(answer.error) };
}

const TOO_DEEP: Failure = {
  code: 'RESULT_TOO_DEEP',
  message: `the result nests deeper than ${MAX_JSON_DEPTH} levels`,
};

export function refused(
  { orderId, taskId, attempt, plugin }: TaskClaim,
  { code, message }: Failure,
  retry: 'policy' | 'never',
  { now: at }: When,
): AnswerReading {
  const error = { code, message: message.slice(0, MAX_MESSAGE_LENGTH).toWellFormed() };
  const task = { at, taskId, attempt, by: plugin };
  const event: TaskFailed = { type: 'TaskFailed', ...task, error, retry };
  return { orderId, event, refused: { orderId, plugin, error } };
}

/** Names the first places in which JavaScript would change what an answer says. */
function notJson(losses: ReturnType<typeof lossesIn>): Failure | undefined {
  if (losses.length === 0) return undefined;
  const places = losses.slice(0, 5).map(({ path, reason }) => `${writePath(path)}: ${reason}`);
  return { code: 'RESULT_NOT_JSON', message: places.join('; ') };
}

function eventOf(
  answer: TaskAnswer,
  { taskId, attempt, plugin }: TaskClaim,
  { now: at, sentAt }: When,
): OrderEvent {
  const task = { at, taskId, attempt, by: plugin };
  switch (answer.type) {
    case 'TaskCompleted':
      return { type: 'TaskCompleted', ...task, result: answer.result, ...runOf(answer) };
    case 'TaskHeartbeat':
      return { type: 'TaskHeartbeat', ...task, sentAt };
    case 'TaskExpired':
      return { type: 'TaskExpired', ...task };
    case 'TaskPutOff':
      return { type: 'TaskPutOff', ...task, sentAt };
    case 'TaskDeferred':
      return { type: 'TaskDeferred', ...task, sentAt, ...runOf(answer) };
    case 'TaskFailed': {
      const { retry, afterSeconds } = answer;
      const message = answer.error.message.toWellFormed();
      const error = { code: answer.error.code.toWellFormed(), message };
      const failed = { type: 'TaskFailed', ...task, error, ...runOf(answer) } as const;
      if (retry !== 'later') return { ...failed, retry };
      return { ...failed, retry, afterSeconds: afterSeconds ?? 0 };
    }
  }
}

function runOf({ ran }: { readonly ran?: AnsweredRun | undefined }): { readonly ran?: Run } {
  if (ran === undefined) return {};
  const { instance, ...times } = ran;
  return { ran: { ...times, ...defined({ instance }) } };
}
