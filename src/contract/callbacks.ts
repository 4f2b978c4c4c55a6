import * as z from 'zod';
import { MAX_CODE_LENGTH, MAX_MESSAGE_LENGTH } from './failure-limits.ts';
import { jsonSchema } from './json-value.ts';
import { MAX_DURATION_SECONDS } from './longest-duration.ts';
import { ORDER_STATUSES } from './requests.ts';

/** `POST /tasks/{token}/complete` */
export const completeTaskSchema = z
  .strictObject({
    result: z.optional(jsonSchema).meta({ description: "the task's result. Default null" }),
  })
  .meta({ id: 'CompleteTask' });

/** `POST /tasks/{token}/fail` */
export const failTaskSchema = z
  .strictObject({
    code: z.string().min(1).max(MAX_CODE_LENGTH).meta({ description: 'stable, in UPPER_SNAKE' }),
    message: z.string().max(MAX_MESSAGE_LENGTH).meta({ description: 'for people' }),
    retry: z.enum(['policy', 'never', 'later']).default('policy').meta({
      description: 'as the retry policy says, not at all, or after `afterSeconds`',
    }),
    afterSeconds: z.number().min(0).max(MAX_DURATION_SECONDS).optional().meta({
      description: 'with `later`, and only there: seconds until the next attempt',
    }),
  })
  .refine(({ retry, afterSeconds }) => (retry === 'later') === (afterSeconds !== undefined), {
    path: ['afterSeconds'],
    message: 'it goes with `retry: "later"`, and `later` with it',
  })
  .meta({ id: 'FailTask' });

/** `POST /tasks/{token}/heartbeat` */
export const beatTaskSchema = z.strictObject({}).meta({ id: 'BeatTask' });

export const callbackReceiptSchema = z
  .strictObject({
    taken: z.literal(true).meta({ description: 'the call counts' }),
    repeated: z.literal(true).optional().meta({
      description: 'the task had this very answer already: nothing has changed',
    }),
    orderStatus: z.enum(ORDER_STATUSES).meta({
      description:
        'where the order stands now; `compensating`: it was called off, and what the task did is undone',
    }),
  })
  .meta({ id: 'CallbackReceipt' });
