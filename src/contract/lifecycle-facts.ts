import * as z from 'zod';
import type { OrderFact, PluginFact } from '../core/command.ts';
import { nameSchema, pluginNameSchema } from './json.ts';
import { orderIdSchema } from './order-id.ts';

const version = z.int().min(1).meta({ description: 'from 1' });

const ABOUT_ORDER = {
  orderId: orderIdSchema,
  workflow: z
    .strictObject({
      name: z.string().meta({ description: 'of the workflow' }),
      version: version.meta({ description: 'the version that the order keeps, from 1' }),
    })
    .meta({ description: 'what the order runs' }),
  client: nameSchema
    .optional()
    .meta({ description: 'the client whose order it is, if it has one' }),
  parent: z
    .strictObject({
      orderId: orderIdSchema,
      taskId: z.string().meta({ description: 'of the task, such as `t3`' }),
    })
    .optional()
    .meta({ description: "the parent's task that the order performs, if it is a child order" }),
  entry: z.int().min(0).meta({
    description: 'the journal entry that says so: with `type` and `task` it identifies the fact',
  }),
  task: z.string().optional().meta({ description: 'the job that it is about, such as `A#2`' }),
  error: z
    .strictObject({
      code: z.string().meta({ description: 'stable, in UPPER_SNAKE' }),
      message: z.string().meta({ description: 'for people' }),
    })
    .optional()
    .meta({ description: 'why something failed' }),
  actor: z.string().optional().meta({ description: 'who asked for it, if somebody did' }),
  reason: z.string().optional().meta({ description: 'why, if somebody said' }),
  traceparent: z.string().optional().meta({
    description:
      "only of an order that is traced: the order's span (https://www.w3.org/TR/trace-context/)",
  }),
  tracestate: z.string().optional().meta({ description: 'goes with `traceparent`' }),
} satisfies Record<Exclude<keyof OrderFact, 'type'>, z.core.$ZodType>;

const milliseconds = (description: string) =>
  z.int().meta({ description: `${description}. Milliseconds since 1970` });

const plugin = pluginNameSchema.meta({ description: 'which plugin' });

const ABOUT_TOKEN = {
  kind: z.enum(['operator', 'client']).meta({ description: 'whose it is' }),
  client: nameSchema.optional().meta({ description: "with a client's token: which client" }),
  name: z.string().optional().meta({
    description: "what a client's token is for; of an operator's, the operator's name",
  }),
  prefix: z.string().meta({ description: "the token's first characters" }),
  expiresAt: milliseconds('when it ends, if it does').optional(),
  by: z.string().meta({ description: 'who asked for it' }),
};

const fact = <Type extends string, Shape extends z.core.$ZodLooseShape>(
  type: Type,
  means: string,
  shape: Shape,
) => z.strictObject({ type: z.literal(type).meta({ description: means }), ...shape });

const ofOrder = <Type extends OrderFact['type']>(type: Type, means: string) =>
  fact(type, means, ABOUT_ORDER);

type OfPlugin<Type extends PluginFact['type']> = Record<
  Exclude<keyof Extract<PluginFact, { type: Type }>, 'type'>,
  z.core.$ZodType
>;

const QUARANTINE = {
  plugin,
  reason: z.string().meta({ description: 'why' }),
  since: milliseconds('since when'),
  actor: z.optional(z.string()).meta({ description: 'who did it, where a person did' }),
};

/** What is published on the lifecycle topic, by type. Any fact may come twice. */
export const LIFECYCLE_FACTS = {
  'order.started': ofOrder('order.started', 'the order has begun'),
  'order.completed': ofOrder('order.completed', 'the order has ended well'),
  'order.failed': ofOrder('order.failed', 'the order has failed; `error` and `task` say why'),
  'order.cancelled': ofOrder('order.cancelled', 'somebody has cancelled the order'),
  'order.paused': ofOrder('order.paused', 'its clocks have stopped'),
  'order.resumed': ofOrder('order.resumed', 'its clocks go on'),
  'order.retried': ofOrder('order.retried', 'it had failed, and goes on'),
  'order.compensating': ofOrder('order.compensating', 'what it has done is being undone'),
  'task.failed': ofOrder('task.failed', 'a task has failed for good'),
  'task.skipped': ofOrder('task.skipped', 'somebody has skipped a task'),
  'task.cancelled': ofOrder('task.cancelled', 'somebody has cancelled one task alone'),
  'plugin.registered': fact(
    'plugin.registered',
    'the plugin has joined, or its registration has changed',
    {
      plugin,
      owner: z.string().meta({ description: 'the stack that deployed it' }),
    } satisfies OfPlugin<'plugin.registered'>,
  ),
  'plugin.draining': fact(
    'plugin.draining',
    'it finishes what it has, and gets nothing new: its stack is being removed, or a person has asked for it (then with `reason`, `since` and `actor`)',
    {
      plugin,
      reason: z.optional(QUARANTINE.reason),
      since: z.optional(QUARANTINE.since),
      actor: QUARANTINE.actor,
    } satisfies OfPlugin<'plugin.draining'>,
  ),
  'plugin.removed': fact('plugin.removed', 'it is registered no more', {
    plugin,
  } satisfies OfPlugin<'plugin.removed'>),
  'plugin.awaited': fact(
    'plugin.awaited',
    'a task was sent to it while it is switched off: Baton switches it on',
    { plugin } satisfies OfPlugin<'plugin.awaited'>,
  ),
  'plugin.quarantined': fact(
    'plugin.quarantined',
    'it is held back: its tasks are parked',
    QUARANTINE satisfies OfPlugin<'plugin.quarantined'>,
  ),
  'plugin.reopened': fact(
    'plugin.reopened',
    'it takes tasks again',
    QUARANTINE satisfies OfPlugin<'plugin.reopened'>,
  ),
  'plugin.bottleneck': fact('plugin.bottleneck', 'it has fallen behind, or the cause has changed', {
    plugin,
    alarms: z.array(z.string()).meta({
      description: 'names of its alarms that ring; none while its concurrency goes back',
    }),
    since: milliseconds('since when'),
    cause: z.enum(['atCap', 'failing', 'noWorker', 'quarantined', 'slow', 'switchedOff']).meta({
      description:
        '`atCap`: all its instances are busy; `failing`: its attempts fail; `noWorker`: no container of its is at work; `quarantined`: it gets nothing but canaries; `slow`: it has instances to spare, and is behind; `switchedOff`: its mapping is disabled',
    }),
    timeToDrainSeconds: z.number().nullable().meta({
      description: 'seconds until its queue is empty at the present rate; null: nothing gets done',
    }),
    maximumConcurrency: z.int().meta({
      description:
        'of its event source mapping; of all its containers together, where it has those',
    }),
  } satisfies OfPlugin<'plugin.bottleneck'>),
  'plugin.bottleneck.cleared': fact('plugin.bottleneck.cleared', 'it has caught up', {
    plugin,
    since: milliseconds('since when it was behind'),
    clearedAt: milliseconds('when it had caught up'),
  } satisfies OfPlugin<'plugin.bottleneck.cleared'>),
  'token.minted': fact('token.minted', 'a token was made', ABOUT_TOKEN),
  'token.revoked': fact('token.revoked', 'a token was revoked', ABOUT_TOKEN),
} satisfies Record<OrderFact['type'] | PluginFact['type'] | `token.${string}`, z.ZodObject>;
