import * as z from 'zod';
import { instantWhen, next, text } from './response-fields.ts';
import { scheduleDefinitionSchema, scheduleNameSchema } from './schedule-definition.ts';

const runSchema = z
  .object({
    at: instantWhen('the minute for which it was planned'),
    outcome: z.enum(['placed', 'skipped', 'missed', 'refused']).meta({
      description:
        '`skipped`: the previous order had not ended; `missed`: the system was not there; `refused`: the order was not taken, see `reason`',
    }),
    orderId: text('of its order').optional(),
    until: instantWhen('of several that were missed in a row, the last one').optional(),
    reason: text('for people').optional(),
  })
  .meta({ id: 'ScheduleRun' });

const { input, attributes, every: _, ...definition } = scheduleDefinitionSchema.shape;

const rowSchema = z.object({
  name: scheduleNameSchema,
  status: z.enum(['active', 'paused']).meta({ description: 'paused: it places no orders' }),
  ...definition,
  every: z.int().optional().meta({ description: 'seconds between two runs' }),
  paused: z
    .object({
      at: instantWhen('it was paused'),
      actor: text('who paused it').optional(),
      reason: text('why').optional(),
    })
    .optional()
    .meta({ description: 'while it is paused' }),
  nextRunAt: instantWhen('the next run; absent while it is paused').optional(),
  queuedAt: instantWhen("the run that waits for the previous order's end").optional(),
  lastRun: runSchema.optional().meta({ description: 'the latest run, if there was one' }),
});

export const scheduleListSchema = z
  .object({ schedules: z.array(rowSchema).meta({ description: 'by name' }), next })
  .meta({ id: 'ScheduleList' });

export const scheduleSchema = rowSchema
  .extend({
    input,
    attributes,
    nextRuns: z
      .array(instantWhen('a run to come'))
      .meta({ description: 'five at most; none while it is paused' }),
    runs: z.array(runSchema).meta({ description: 'the latest twenty, the newest first' }),
  })
  .meta({ id: 'Schedule' });
