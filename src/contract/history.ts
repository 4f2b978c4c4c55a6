import * as z from 'zod';
import { KEPT, PERIOD } from './period.ts';
import { count, instantWhen, text } from './response-fields.ts';

/** `GET /history`, and that of a plugin */
export const historyQuerySchema = z.strictObject({
  per: z
    .enum(['minute', 'hour'])
    .default('minute')
    .meta({
      description: `the length of an interval, by UTC; of an hour, the most that each number came to. ${KEPT}`,
    }),
  ...PERIOD,
});

const period = {
  per: z.enum(['minute', 'hour']).meta({ description: 'what was asked for' }),
  from: instantWhen('when the first interval begins'),
  to: instantWhen('when the last interval ends'),
};

const at = instantWhen('when the interval begins');

export const systemHistorySchema = z
  .strictObject({
    ...period,
    points: z
      .array(
        z.strictObject({
          at,
          active: count('orders that had not ended'),
          stuck: count('orders without progress for longer than their bound'),
          queued: count('tasks in the queues of all plugins'),
          inFlight: count('tasks in the hands of all plugins'),
          parked: count('tasks that waited for plugins in quarantine'),
          remaining: count('tasks of active orders that were not done, estimated'),
        }),
      )
      .meta({ description: 'the oldest first; while all was at rest there is none' }),
  })
  .meta({ id: 'SystemHistory' });

export const pluginHistorySchema = z
  .strictObject({
    name: text('of the plugin'),
    ...period,
    points: z
      .array(
        z.strictObject({
          at,
          queued: count('tasks in its queue'),
          inFlight: count('tasks in its hands'),
          parked: count('tasks that waited for the end of its quarantine'),
          concurrency: count('how many instances there might be at once'),
          oldestSeconds: z
            .number()
            .optional()
            .meta({ description: 'how long its oldest task had waited; absent when not known' }),
          instances: count('instances at work; absent when not known').optional(),
        }),
      )
      .meta({ description: 'the oldest first; while the plugin was at rest there is none' }),
  })
  .meta({ id: 'PluginHistory' });
