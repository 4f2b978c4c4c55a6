import * as z from 'zod';
import { attributesSchema } from './json.ts';
import { jsonMeaning } from './json-value.ts';
import type { Invitation, StoredTaskMessage, TaskMessage } from './messages.ts';
import { orderIdSchema } from './order-id.ts';
import type { PayloadRef } from './payloads.ts';

type Shape<Message> = Record<keyof Message, z.core.$ZodType>;

const failure = {
  code: z.string().meta({ description: 'stable, in UPPER_SNAKE' }),
  message: z.string().meta({ description: 'for people' }),
  task: z.string().meta({ description: 'the job that failed' }),
  plugin: z.string().meta({ description: 'whose job it was' }),
  attempt: z.int().meta({ description: 'the attempt that failed last; 0: none was possible' }),
};

const endingSchema = z.discriminatedUnion('status', [
  z.strictObject({
    status: z.literal('failed').meta({ description: 'the order fails' }),
    error: z.strictObject(failure).meta({ description: 'why' }),
  }),
  z.strictObject({
    status: z.literal('cancelled').meta({ description: 'somebody cancelled the order' }),
    reason: z.string().optional().meta({ description: 'why, if somebody said' }),
  }),
]);

const invitationSchema = z
  .strictObject({
    taskId: z.string().meta({ description: 'of the task, in its order' }),
    job: z.string().meta({
      description:
        "the task's name among the order's jobs: `resize`, or `resize#2` the second time",
    }),
    attempt: z.int().min(1).meta({ description: 'from 1' }),
    deadlineAt: z.int().meta({
      description:
        'milliseconds since 1970. A plugin does not begin after that: it answers `TaskExpired`, and the task is sent again',
    }),
    heartbeatSeconds: z.number().optional().meta({
      description: "the plugin's own, if it declares any. Silence counts from its first heartbeat",
    }),
    sessionId: z.string().optional().meta({
      description:
        'only of a plugin with `stateful: true`: the session to which the task belongs, as the attribute says that its `ordered` names; where the order has none, the id of the order',
    }),
    transactionId: z.string().optional().meta({
      description:
        'only of a plugin with `stateful: true`: the same in all attempts of the task, and no other task has it. Write what the task changes together with it, once',
    }),
    sealed: z.string().optional().meta({
      description:
        'only while nothing but this task is open: where the order stands, sealed. A `TaskCompleted` that brings it back as it is, and before which no heartbeat was sent, spares Baton a read',
    }),
    traceparent: z.string().optional().meta({
      description:
        'only of an order that is traced: the span below which those of the plugin hang (https://www.w3.org/TR/trace-context/)',
    }),
    tracestate: z.string().optional().meta({ description: 'goes with `traceparent`' }),
  } satisfies Shape<Invitation>)
  .meta({ id: 'Invitation' });

const jobSchema = z.strictObject({
  input: jsonMeaning('what it got'),
  result: z.optional(jsonMeaning('what it gave')),
});

/** What a plugin finds in its queue, for whoever writes plugins without the SDK. Its TypeScript type is `TaskMessage`. */
export const taskMessageSchema = z
  .strictObject({
    orderId: orderIdSchema,
    workflow: z.string().meta({ description: "the workflow's name" }),
    input: jsonMeaning("the task's input: the previous result, or what the workflow says"),
    attributes: attributesSchema,
    tasks: z.array(z.union([z.string(), z.array(z.string())])).meta({
      description:
        "the workflow's tasks as it names them: what runs in parallel is nested, `*` stands for everyone registered",
    }),
    done: z.array(z.string()).meta({ description: 'names of the jobs that are done' }),
    invited: z.record(z.string(), invitationSchema).meta({
      description: 'by plugin: a message of a parallel stage invites several; each finds itself',
    }),
    compensate: z
      .strictObject({
        result: jsonMeaning('what the job gave'),
        ending: endingSchema.meta({ description: 'how the order ends' }),
      })
      .optional()
      .meta({ description: "only where this undoes a job: `input` is the job's own" }),
    caught: z
      .strictObject(failure)
      .optional()
      .meta({ description: "only in an activity's `onFailure`: the failure that it is about" }),
    history: z
      .strictObject({
        input: jsonMeaning("the order's"),
        jobs: z.record(z.string(), jobSchema).meta({ description: 'the jobs so far, by name' }),
      })
      .optional()
      .meta({ description: 'only for a plugin that declares `history: true`' }),
  } satisfies Shape<TaskMessage>)
  .meta({ id: 'TaskMessage' });

/** What a plugin finds in its queue in place of a message that is too large for it. Its TypeScript type is `StoredTaskMessage`. */
export const storedTaskMessageSchema = z
  .strictObject({
    orderId: orderIdSchema,
    invited: taskMessageSchema.shape.invited,
    stored: z
      .strictObject({
        sha256: z.string().meta({ description: 'of its bytes, in hexadecimal digits' }),
        bytes: z.int().meta({ description: 'how many bytes it has, at most 32 MiB' }),
      } satisfies Shape<PayloadRef>)
      .meta({
        description: 'the message is the object `orders/<order>/payloads/<sha256>` of the bucket',
      }),
  } satisfies Shape<StoredTaskMessage>)
  .meta({ id: 'StoredTaskMessage' });
