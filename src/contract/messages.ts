import * as z from 'zod/mini';
import type { Json } from '../core/json.ts';
import type { Attributes, EndingAfterUndo, OrderFailure } from '../core/order.ts';
import type { Todo } from '../core/workflow.ts';
import { MAX_CODE_LENGTH, MAX_MESSAGE_LENGTH } from './failure-limits.ts';
import { jsonMeaning } from './json-value.ts';
import { MAX_DURATION_SECONDS } from './longest-duration.ts';
import { orderIdSchema } from './order-id.ts';
import type { PayloadRef } from './payloads.ts';

/** One task of a task message: what a plugin needs to do it and to answer for it. */
export interface Invitation {
  readonly taskId: string;
  /** The task's name among the order's jobs: `resize`, or `resize#2` the second time. */
  readonly job: string;
  /** From 1. */
  readonly attempt: number;
  /** Milliseconds since 1970. A plugin does not begin after that: it answers `TaskExpired`, and the task is sent again. */
  readonly deadlineAt: number;
  /** The plugin's own `heartbeatSeconds`, if it declares any: its SDK beats once as it begins. Silence counts from then on. */
  readonly heartbeatSeconds?: number;
  /** Only of a stateful plugin: the session to which the task belongs. No other task of the session is performed meanwhile. */
  readonly sessionId?: string;
  /** Only of a stateful plugin: the same in all attempts of the task, and no other task's. */
  readonly transactionId?: string;
  /** Where the order stands, sealed: an answer that brings it back as it was spares Baton a read. Only while nothing but this task is open. */
  readonly sealed?: string;
  /** The span under which those of the plugin hang. Only of an order that is traced. @see https://www.w3.org/TR/trace-context/ */
  readonly traceparent?: string;
  readonly tracestate?: string;
}

/** What a plugin finds in its queue. A message broadcast to a parallel stage invites several plugins; each finds itself. */
export interface TaskMessage {
  readonly orderId: string;
  readonly workflow: string;
  /** The plugin's input: the previous result, or what the workflow's `input` expression gave. */
  readonly input: Json;
  readonly attributes: Attributes;
  /** The list of tasks as the workflow names them: what runs in parallel is nested, `*` stands for everyone registered. */
  readonly tasks: Todo;
  /** Names of the jobs that are done. */
  readonly done: readonly string[];
  /** By plugin. */
  readonly invited: Readonly<Record<string, Invitation>>;
  /** Only where this undoes a job: `input` is the job's own. */
  readonly compensate?: {
    readonly result: Json;
    /** Why it is undone: how the order ends. */
    readonly ending: EndingAfterUndo;
  };
  /** Only in an activity's `onFailure`: the failure that it is about. */
  readonly caught?: OrderFailure;
  /** Only for a plugin that declares `history: true`: the order's original input, and its jobs so far. */
  readonly history?: {
    readonly input: Json;
    readonly jobs: Readonly<Record<string, { readonly input: Json; readonly result?: Json }>>;
  };
}

/** What a plugin finds in its queue where the message itself is too large for it: the message is the payload. */
export type StoredTaskMessage = Pick<TaskMessage, 'orderId' | 'invited'> & {
  readonly stored: PayloadRef;
};

/** The attribute that invites a plugin; its subscription filters on it. */
export const invitationAttribute = (plugin: string): string => `p.${plugin}`;

/** Later ones are no dates: https://tc39.es/ecma262/#sec-time-values-and-time-range */
const LAST_INSTANT = 8_640_000_000_000_000;

const failureSchema = z.object({
  code: z
    .string()
    .check(z.minLength(1), z.maxLength(MAX_CODE_LENGTH), z.describe('stable, in UPPER_SNAKE')),
  message: z.string().check(z.maxLength(MAX_MESSAGE_LENGTH), z.describe('for people')),
});

const runInstant = z.int().check(z.minimum(0), z.maximum(LAST_INSTANT));

/** When the attempt was at work, and in which instance of its plugin's function. */
const runSchema = z.object({
  startedAt: runInstant.check(z.describe('when the work began, in milliseconds since 1970')),
  endedAt: runInstant.check(z.describe('when it ended, likewise')),
  instance: z
    .optional(z.string().check(z.minLength(1), z.maxLength(100)))
    .check(z.describe('which instance of the function it was')),
});

export type AnsweredRun = z.infer<typeof runSchema>;

export const taskTokenSchema = z.string().check(z.minLength(1), z.maxLength(512));
const token = taskTokenSchema.check(z.describe("the attempt's own, signed by the plugin"));
const type = <Type extends string>(name: Type, means: string) =>
  z.literal(name).check(z.describe(means));

const sealed = z
  .optional(z.string().check(z.maxLength(4096)))
  .check(z.describe('what the invitation has under this name, as it is: it spares Baton a read'));

const ran = z.optional(runSchema).check(z.describe('when the attempt was at work, and where'));

export const answerSchema = z.discriminatedUnion('type', [
  z.object({
    type: type('TaskCompleted', 'the task is done'),
    token,
    result: jsonMeaning('at most 200 KB'),
    ran,
    sealed,
  }),
  z.object({
    type: type('TaskFailed', 'the attempt has failed'),
    token,
    error: failureSchema.check(z.describe('why')),
    retry: z
      .enum(['policy', 'never', 'later'])
      .check(z.describe('as the retry policy says, not at all, or after `afterSeconds`')),
    afterSeconds: z
      .optional(z.number().check(z.minimum(0), z.maximum(MAX_DURATION_SECONDS)))
      .check(z.describe('with `later`: seconds until the next attempt')),
    ran,
  }),
  z.object({ type: type('TaskHeartbeat', 'the attempt has begun, or goes on'), token }),
  z.object({
    type: type('TaskExpired', 'the attempt reached its plugin after its deadline, and never began'),
    token,
  }),
  z.object({
    type: type(
      'TaskDeferred',
      'the plugin has done its part: whoever holds the token finishes the task, by a callback',
    ),
    token,
    ran,
  }),
  z.object({
    type: type(
      'TaskPutOff',
      'the attempt had begun and was stopped in good order, or its answer could not be sent: its message comes again',
    ),
    token,
  }),
]);

/** A result that is too large for the answer's message: the result is the payload. Its bytes are the JSON. */
export const storedAnswerSchema = z.object({
  type: type('TaskCompleted', 'the task is done'),
  token,
  stored: z
    .object({
      sha256: z
        .string()
        .check(z.regex(/^[0-9a-f]{64}$/, 'a SHA-256 has 64 hexadecimal digits'))
        .check(z.describe('of its bytes, in hexadecimal digits')),
      bytes: z.int().check(z.minimum(1)).check(z.describe('how many bytes it has, at most 5 MiB')),
    })
    .check(z.describe('the result is the object `orders/<order>/payloads/<sha256>` of the bucket')),
  ran,
  sealed,
});

/** What a plugin says of one task, under the token that proves that the task is its own. */
export type TaskAnswer = z.infer<typeof answerSchema>;

/** What Baton tells itself of an order. */
const nudgeSchemas = [
  z.object({
    type: z.literal('OrderAccepted'),
    orderId: orderIdSchema,
    /** The order's first entry, as its journal seals it. */
    sealed: z.optional(z.string()),
  }),
  z.object({ type: z.literal('DeadlinePassed'), orderId: orderIdSchema, at: z.number() }),
  /** The order's tasks that were parked for the plugin in this entry may go, or that one of them whose turn has come. */
  z.object({
    type: z.literal('TaskReleased'),
    orderId: orderIdSchema,
    plugin: z.string(),
    parkedIn: z.int(),
    canary: z.optional(z.literal(true)),
    task: z.optional(z.string()),
  }),
  /** Something may be due to a child order of the order, or to the order because of it: their journals say what. */
  z.object({
    type: z.literal('ChildDue'),
    orderId: orderIdSchema,
    child: orderIdSchema,
    /** The order waits for it no longer. */
    calledOff: z.optional(z.literal(true)),
  }),
  /** A task of the order begins to wait for an event, or one has come for which a task waits: where events are kept, it says which. */
  z.object({
    type: z.literal('EventDue'),
    orderId: orderIdSchema,
    /** Absent: any task that waits. */
    taskId: z.optional(z.string()),
    attempt: z.optional(z.int()),
    /** What has come, and found the task waiting there. Absent: the task begins to wait, or an event came for the order alone. */
    eventType: z.optional(z.string()),
    key: z.optional(z.string()),
  }),
] as const;

export type NudgeMessage = z.infer<(typeof nudgeSchemas)[number]>;

/** What Baton tells itself of a plugin. */
const pluginNudgeSchemas = [
  /** A canary or a wave of its may be due. */
  z.object({ type: z.literal('PluginDue'), plugin: z.string() }),
  /** Attempts have ended where nobody counts those that work. */
  z.object({
    type: z.literal('AttemptsJudged'),
    judgements: z.array(
      z.object({
        plugin: z.string(),
        outcome: z.enum(['worked', 'refused', 'failed']),
        orderId: orderIdSchema,
        client: z.optional(z.string()),
        canary: z.optional(z.literal(true)),
        dispatchedAt: z.optional(z.number()),
        error: z.optional(z.object({ code: z.string(), message: z.string() })),
      }),
    ),
  }),
] as const;

export type PluginNudge = z.infer<(typeof pluginNudgeSchemas)[number]>;

/** What a worker in a container says of itself, under its plugin's key. */
const workerSeenSchema = z.object({
  type: z.literal('WorkerSeen'),
  report: z.object({
    plugin: z.string().check(z.maxLength(100)),
    worker: z.string().check(z.regex(/^[\w-]{1,100}$/)),
    concurrency: z.int().check(z.minimum(1), z.maximum(100_000)),
    busy: z.int().check(z.minimum(0), z.maximum(100_000)),
    at: runInstant,
    ended: z.optional(z.literal(true)),
  }),
  signature: z.string(),
});

export type WorkerSeen = z.infer<typeof workerSeenSchema>;

/** What the orchestrator's queue holds: answers of a plugin, many at once, or a nudge that Baton sent itself. */
export const orchestratorMessageSchema = z.union([
  // Each answer is read by itself, so that a malformed one costs its neighbours nothing.
  z.object({ answers: z.array(z.unknown()).check(z.minLength(1)) }),
  ...nudgeSchemas,
  ...pluginNudgeSchemas,
  workerSeenSchema,
]);

export type OrchestratorMessage = z.infer<typeof orchestratorMessageSchema>;
