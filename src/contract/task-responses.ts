import * as z from 'zod';
import { RUN_STAGES } from '../core/workflow.ts';
import { jsonSchema } from './json-value.ts';
import { count, FAILURE, instant, instantWhen, text } from './response-fields.ts';

export const failureSchema = z
  .strictObject(FAILURE)
  .meta({ id: 'Failure', description: 'why it failed' });

/** Where a task stands in its workflow. */
const taskPosition = {
  plugin: text('whose task it is; of a child order, its workflow; of an event, its type'),
  activity: text('of the workflow'),
  stage: z.enum(RUN_STAGES).meta({
    description: 'of the activity; `choose`: a choice that stands before it',
  }),
  round: z.int().min(2).optional().meta({
    description:
      'of an activity with `repeat`: in which round, from 2, since its `until` was not true before. Absent in the first',
  }),
};

const attemptSchema = z
  .strictObject({
    attempt: z.int().meta({ description: 'from 1' }),
    dispatchedAt: instant.meta({ description: "when it was sent to its plugin's queue" }),
    startedAt: instant.optional().meta({
      description: 'when its plugin began to work, as the plugin says; before, it waited',
    }),
    deferredAt: instant.optional().meta({
      description: 'since when it waits, or waited, for a callback',
    }),
    endedAt: instant.optional().meta({
      description:
        'when the work ended, as its plugin says; where it said nothing, when Baton learned of the end',
    }),
    error: failureSchema.optional().meta({ description: 'why it failed' }),
    instance: z.string().optional().meta({
      description:
        "which instance of the plugin's function performed it: how its log stream's name ends, the first eight characters of it",
    }),
    logUrl: z.string().optional().meta({
      description:
        'the page of CloudWatch that shows what this instance wrote meanwhile; without an instance, the lines that carry the id of the order. Only for operators, only on AWS',
    }),
  })
  .meta({ id: 'Attempt' });

const attempts = z.array(attemptSchema).meta({ description: 'the first one first' });

export const taskSchema = z.strictObject({
  taskId: text('of the task, in its order'),
  job: z.string().meta({ description: 'the second task of plugin A in an order is the job A#2' }),
  element: z.int().optional().meta({
    description: 'of a step with `forEach`: where its element stands in the list, from 0',
  }),
  elements: z
    .strictObject({
      from: z.int().meta({ description: 'where the first of them stands in the list, from 0' }),
      count: count('of elements'),
    })
    .optional()
    .meta({
      description:
        'of a step with `forEach` whose list has more than 50 elements: the slice of it that the child order does',
    }),
  ...taskPosition,
  status: z
    .enum([
      ...['inFlight', 'deferred', 'awaiting', 'backingOff', 'parked', 'completed', 'failed'],
      ...['skipped', 'calledOff', 'abandoned'],
    ] as const)
    .meta({
      description:
        "inFlight: in its plugin's hands or queue; deferred: it waits for a callback; awaiting: it waits for an event; backingOff: it waits for its next attempt; parked: its plugin is in quarantine, or it waits for its turn, as `parkedFor` says; skipped: somebody skipped it; calledOff: `enough` others of its stage had completed; abandoned: its order ended before it did",
    }),
  parkedFor: z.enum(['quarantine', 'turn']).optional().meta({
    description:
      "of a parked task of an order that is not paused. quarantine: for the end of its plugin's; turn: its client has as many tasks there as the plugin takes of one client at once",
  }),
  child: text('the child order that performs it').optional(),
  awaited: z
    .strictObject({
      event: text('its type'),
      key: z.string().optional().meta({
        description: 'under which it is sent. Absent: only one for the order alone counts',
      }),
    })
    .optional()
    .meta({ description: 'the event that it waits for, or has waited for' }),
  attempts,
  dispatchedAt: instantWhen('when its first attempt was sent'),
  endedAt: instantWhen('when it ended').optional(),
  input: z.optional(jsonSchema).meta({ description: 'what it got' }),
  result: z.optional(jsonSchema).meta({ description: 'what it gave' }),
  error: failureSchema.optional(),
  reason: text('why it was called off').optional(),
  nextAttemptAt: instantWhen('when it is sent again').optional(),
  deadlineAt: instant.optional().meta({ description: 'of the attempt that is in flight' }),
});

/** The undoing of a job, or why it is not undone. */
export const compensationSchema = z.strictObject({
  job: z.string().meta({ description: 'the job that is undone' }),
  plugin: text('that undoes it'),
  status: z
    .enum([
      ...['pending', 'inFlight', 'deferred', 'backingOff', 'parked', 'completed', 'failed'],
      'unknown',
    ] as const)
    .meta({
      description:
        'unknown: an attempt of the job ended without an answer, so what it has done nobody knows',
    }),
  attempts,
  dispatchedAt: instantWhen('when the first attempt was sent').optional(),
  endedAt: instantWhen('when it ended').optional(),
  error: failureSchema.optional(),
});

/** A plugin that took no part in a stage that might have had it. */
export const leftOutSchema = z.strictObject({
  ...taskPosition,
  status: z.enum(['skipped', 'notInvited', 'calledOff']).meta({
    description:
      "skipped: its step's `when` was not true; notInvited: its filter did not match; calledOff: `enough` others had completed before its turn came",
  }),
  reason: text('why it took no part'),
});
