import * as z from 'zod';
import { durationSchema } from './duration.ts';
import { attributesSchema, nameSchema } from './json.ts';
import { jsonSchema } from './json-value.ts';
import { todoSchema } from './order-request.ts';
import { refuseUnclearWork } from './unclear-work.ts';

const A_MINUTE = 60;

/** The ids of a schedule's orders hold its name and an instant: `nightly:20261126T0200Z`. An order id has 64 characters. */
export const scheduleNameSchema = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9_-]{0,47}$/,
    'the name of a schedule has 1 to 48 letters, digits, "-" or "_", and begins with a letter',
  )
  .meta({
    id: 'ScheduleName',
    description: '1 to 48 letters, digits, `-` or `_`; it begins with a letter',
  });

/** When a schedule runs, what it orders, and what becomes of runs that cannot take place as they should. */
export const scheduleDefinitionSchema = z
  .strictObject({
    cron: z
      .string()
      .max(200)
      .optional()
      .meta({
        description:
          'five fields as in crontab: minute, hour, day of month, month, day of week; also `@hourly`, `@daily` and the like',
        examples: ['0 2 * * *'],
      }),
    every: durationSchema
      .refine((seconds) => seconds % A_MINUTE === 0, 'schedules run to the minute: whole minutes')
      .optional()
      .meta({
        description:
          'instead of `cron`: the time between two runs, in seconds or as `15m`, `2h`, `1d`; whole minutes, counted from the minute in which the schedule was put',
      }),
    timeZone: z.string().max(100).optional().meta({
      description:
        'with `cron`: an IANA time zone, such as `Europe/Berlin`. Default `UTC`. A fixed time that a change of clocks leaves out is run right after it; one that it repeats is run once',
    }),
    workflow: nameSchema
      .optional()
      .meta({ description: 'what its orders run: the version that is the latest then' }),
    todo: todoSchema.meta({ description: 'plugins, instead of a workflow' }).optional(),
    client: nameSchema
      .optional()
      .meta({ description: 'the client whose orders they are, as for any order' }),
    input: jsonSchema,
    attributes: attributesSchema.default({}),
    pauseOnFailure: z.boolean().optional().meta({ description: 'as for any order' }),
    overlap: z.enum(['skip', 'queue', 'allow']).default('skip').meta({
      description:
        'what becomes of a run whose previous order has not ended: it is left out (`skip`), it waits until then (`queue`; one waits at most, others are left out), or it takes place (`allow`)',
    }),
    catchUp: z.enum(['none', 'last', 'all']).default('last').meta({
      description:
        'which runs take place that the system missed by more than five minutes, because it was not there: none, the last of them, or all, ten a minute',
    }),
  })
  .superRefine((schedule, context) => {
    const { cron, every, timeZone } = schedule;
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if ((cron === undefined) === (every === undefined)) {
      refuse('cron', 'a schedule has either cron or every');
    }
    if (every !== undefined && timeZone !== undefined) {
      refuse('timeZone', 'only cron goes by the clocks of a time zone');
    }
    refuseUnclearWork(schedule, refuse);
  })
  .meta({
    id: 'ScheduleDefinition',
    // As the refinements above say it.
    not: { required: ['cron', 'every'], properties: { cron: {}, every: {} } },
    allOf: [
      {
        anyOf: [
          { required: ['cron'], properties: { cron: {} } },
          { required: ['every'], properties: { every: {} } },
        ],
      },
    ],
  });
export type ScheduleDefinition = z.output<typeof scheduleDefinitionSchema>;
