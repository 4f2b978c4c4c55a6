import * as z from 'zod';
import { KEPT, PERIOD } from './period.ts';
import { count, instantWhen, text } from './response-fields.ts';

/** `GET /counts` */
export const countsQuerySchema = z.strictObject({
  by: z.enum(['workflow', 'plugin', 'errorCode']).default('workflow').meta({
    description:
      'workflow: orders by their workflow; plugin: attempts by their plugin; errorCode: orders that failed by the code of their error',
  }),
  per: z
    .enum(['minute', 'hour', 'day'])
    .default('hour')
    .meta({
      description: `the length of an interval, by UTC. ${KEPT}`,
    }),
  ...PERIOD,
  name: z.string().min(1).max(100).optional().meta({
    description:
      'only this workflow, plugin or code. Default: the 20 with the most, and the rest as `(others)`',
  }),
});

const ended = {
  completed: count('that completed'),
  failed: count('that failed'),
  cancelled: count('that were cancelled; attempts never are'),
};

export const countsSchema = z
  .strictObject({
    by: text('what was asked for'),
    per: z.enum(['minute', 'hour', 'day']).meta({ description: 'what was asked for' }),
    of: z.enum(['orders', 'attempts']).meta({
      description:
        'what is counted; an order that failed, was retried and completed is counted as both',
    }),
    from: instantWhen('when the first interval begins'),
    to: instantWhen('when the last interval ends'),
    approximate: z.literal(true).meta({
      description:
        'always: each instance counts for itself. It stores the latest ends seconds to a minute later, and the last of a burst, up to 50 or what a second brought, with the next work that it gets; if it ends before, they are lost',
    }),
    series: z
      .array(
        z.strictObject({
          name: text('of the workflow or plugin, or the code; `todo-*`: all ad-hoc orders'),
          ...ended,
          points: z
            .array(z.strictObject({ at: instantWhen('when the interval begins'), ...ended }))
            .meta({ description: 'the intervals in which anything ended, the oldest first' }),
        }),
      )
      .meta({ description: 'the one with the most first; `(others)` last' }),
  })
  .meta({ id: 'Counts' });
