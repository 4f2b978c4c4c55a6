import * as z from 'zod';
import { RUN_STAGES } from '../core/workflow.ts';
import { activitySchema } from './activity-schema.ts';
import { nameSchema } from './json.ts';
import { jsonMeaning } from './json-value.ts';
import { todoSchema } from './order-request.ts';
import { pluginDefinitionSchema } from './plugin-definition.ts';
import { count, FAILURE, instantWhen, next, text } from './response-fields.ts';
import { definitionSchema, itemSchema } from './workflow-schema.ts';

export const workflowReceiptSchema = z
  .strictObject({
    name: text('of the workflow'),
    version: count('from 1'),
    warnings: z
      .array(z.string())
      .optional()
      .meta({ description: 'what is allowed, and maybe not meant' }),
    stored: z.literal(false).optional().meta({
      description: 'it was only checked; `version` is the one that it would be',
    }),
  })
  .meta({ id: 'WorkflowReceipt' });

export const versionListSchema = z
  .strictObject({
    versions: z
      .array(
        z.strictObject({
          version: count('from 1'),
          storedAt: instantWhen('when it was stored, unless an older Baton did').optional(),
          storedBy: text('who stored it').optional(),
          active: count('orders with this version that have not ended'),
        }),
      )
      .meta({ description: 'the newest first' }),
    approximate: z.literal(true).optional().meta({
      description: '`active` is estimated from a part of the active orders, since there are many',
    }),
    next,
  })
  .meta({ id: 'VersionList' });

const planned = {
  plugin: text('whose task it is; of an event that is waited for, its type'),
  activity: text('of the workflow'),
  stage: z.enum(RUN_STAGES).meta({
    description: 'of the activity; `choose`: a choice that stands before it',
  }),
};

export const planSchema = z
  .strictObject({
    name: text('of the workflow'),
    version: count('that was played'),
    tasks: z
      .array(
        z.strictObject({
          job: text('the second task of plugin A is the job A#2'),
          ...planned,
          input: jsonMeaning(
            'what it would get, if every plugin before it handed back its own input',
          ),
        }),
      )
      .meta({
        description:
          'who would take part, in the order in which they would be asked; an activity with `repeat` is played once, and of a stage with `enough` all tasks complete',
      }),
    leftOut: z
      .array(
        z.strictObject({
          ...planned,
          status: z
            .enum(['skipped', 'notInvited', 'calledOff'])
            .meta({ description: 'how it was left out' }),
          reason: text('why'),
        }),
      )
      .meta({ description: 'who would not, though the stage might have them' }),
    unregistered: z
      .array(z.string())
      .optional()
      .meta({ description: 'plugins that the workflow names and nobody has registered' }),
    error: z
      .strictObject({
        ...FAILURE,
        task: text('that would fail the order'),
        plugin: text('whose task it is'),
        attempt: count('the last one'),
      })
      .optional()
      .meta({ description: 'why the order would fail, such as an expression that does' }),
  })
  .meta({ id: 'Plan' });

export const meSchema = z
  .strictObject({
    kind: z.enum(['operator', 'client']).meta({ description: 'whose token it is' }),
    name: text('of the operator').optional(),
    client: text('which client').optional(),
    mayRetry: z.boolean().optional().meta({ description: 'whether it may retry its own orders' }),
    calls: z
      .array(z.string())
      .optional()
      .meta({ description: 'all that the client may call; an operator may call everything' }),
  })
  .meta({ id: 'Me' });

export const workflowSchema = definitionSchema
  .safeExtend({
    version: count('from 1'),
    // Of an ad-hoc list there may be 500, called 1, 2, 3.
    activities: z
      .array(
        itemSchema(
          activitySchema
            .safeExtend({ name: text('unique in its workflow') })
            .meta({ id: 'WorkflowActivity' }),
          { item: 'WorkflowItem', choice: 'WorkflowChoice', branch: 'WorkflowBranch' },
        ),
      )
      .meta({ description: 'one after another' }),
  })
  .meta({ id: 'Workflow' });

export const workflowListSchema = z
  .strictObject({ workflows: z.array(workflowSchema).meta({ description: 'by name' }), next })
  .meta({ id: 'WorkflowList' });

const quarantineFields = {
  since: instantWhen('when it came into this phase'),
  reason: z.string().meta({ description: 'why' }),
  actor: z.string().optional().meta({ description: 'who did it, where a person did' }),
  nextCanaryAt: instantWhen('when a task is let through to try it').optional(),
};

const quarantinedSchema = z.strictObject({
  phase: z.enum(['closed', 'draining', 'reopening']).meta({
    description:
      'closed: its tasks are parked; draining: its new tasks are parked, and what it has had it gets again and finishes; reopening: those that were parked are sent, in waves',
  }),
  ...quarantineFields,
});

export const quarantineReceiptSchema = z
  .strictObject({
    name: z.string().meta({ description: "the plugin's name" }),
    quarantined: quarantinedSchema.meta({ description: 'its quarantine now' }),
  })
  .meta({ id: 'QuarantineReceipt' });

export const pluginListSchema = z
  .strictObject({
    plugins: z
      .array(
        pluginDefinitionSchema.extend({
          owner: z.string().meta({ description: 'the stack that deployed it' }),
          registeredAt: instantWhen('when it joined'),
          switchedOff: z.literal(true).optional().meta({
            description: 'idle for long: its event source mapping is disabled until the next task',
          }),
          quarantined: quarantinedSchema
            .optional()
            .meta({ description: 'it is held back, or was until a while ago' }),
          draining: z.literal(true).optional().meta({
            description:
              'its stack is being removed: it finishes what it has, and gets nothing new',
          }),
        }),
      )
      .meta({ description: 'by name' }),
    next,
  })
  .meta({ id: 'PluginList' });

const about = {
  clientId: text('of the client'),
  mayRetry: z
    .boolean()
    .optional()
    .meta({ description: 'whether it may retry its own orders. Default: it may not' }),
};

export const clientSchema = z
  .union([
    z.strictObject({ ...about, workflow: nameSchema.meta({ description: 'what its orders run' }) }),
    z.strictObject({
      ...about,
      todo: todoSchema.meta({ description: 'the plugins that its orders run' }),
    }),
  ])
  .meta({ id: 'Client' });

/** A token as a list shows it: enough to know it by. */
export const tokenSchema = z
  .strictObject({
    prefix: z.string().meta({ description: 'what the token begins with' }),
    name: text('what it is for').optional(),
    createdAt: instantWhen('when it was made'),
    expiresAt: instantWhen('when it ends. Default: never').optional(),
  })
  .meta({ id: 'Token' });

export const newTokenSchema = tokenSchema
  .extend({ token: z.string().meta({ description: 'shown this once: only its hash is stored' }) })
  .meta({ id: 'NewToken' });

export const tokenListSchema = z
  .strictObject({ tokens: z.array(tokenSchema).meta({ description: "the client's tokens" }), next })
  .meta({ id: 'TokenList' });

const gauge = z
  .int()
  .optional()
  .meta({ description: 'as SQS and CloudWatch count; absent when it is not known' });

const pluginStatusSchema = z.strictObject({
  name: text('of the plugin'),
  queued: gauge,
  inFlight: gauge,
  oldestSeconds: gauge,
  instances: gauge,
  concurrency: z
    .strictObject({
      base: count('while all is well'),
      ceiling: count('at most'),
      now: count('as its event source mapping says; or tasks that its containers may have in work'),
    })
    .meta({ description: 'how many instances there may be at once' }),
  health: z.enum(['ok', 'bottleneck', 'quarantined', 'draining', 'switchedOff']).meta({
    description:
      'bottleneck: an alarm on its queue rings; quarantined: its tasks are parked, since it keeps failing or a person holds it back; draining: a person has asked that it finishes what it has; switchedOff: it is enabled by its next task',
  }),
  bottleneck: z
    .strictObject({
      cause: z.enum(['atCap', 'failing', 'noWorker', 'quarantined', 'slow', 'switchedOff']).meta({
        description:
          'atCap: all its instances are busy; failing: its attempts fail; noWorker: it runs in containers, and none is at work; quarantined: it gets nothing but canaries; slow: it has instances to spare, and is behind; switchedOff: its mapping is disabled',
      }),
      since: instantWhen('since when'),
      timeToDrainSeconds: z.int().nullable().meta({ description: 'null: nothing gets done' }),
    })
    .optional()
    .meta({ description: 'while an alarm on its queue rings' }),
  turns: z
    .strictObject({
      perClient: count('tasks of one client that it takes at once'),
      waiting: z
        .array(
          z.strictObject({
            client: text('whose tasks they are'),
            tasks: count('that the plugin has'),
            waiting: count('tasks that wait for their turn; exact up to 10,000'),
          }),
        )
        .meta({ description: 'the ten clients of whom most tasks wait' }),
    })
    .optional()
    .meta({ description: 'of a plugin that takes so many tasks of one client at once' }),
  quarantine: quarantinedSchema
    .extend({ parked: count('tasks that wait for its end; exact up to 10,000') })
    .optional()
    .meta({ description: 'it is held back, or was until a while ago' }),
});

export const statusSchema = z
  .strictObject({
    orders: z
      .strictObject({
        active: count('orders that have not ended'),
        approximate: z
          .literal(true)
          .optional()
          .meta({ description: 'there are more than 10,000: the numbers are estimates' }),
        byWorkflow: z
          .record(z.string(), z.int())
          .meta({ description: 'active orders by workflow' }),
        byWorkflowApproximate: z.literal(true).optional().meta({
          description:
            'there are more than 500: `byWorkflow` is estimated from a sample, and a workflow that is not listed may have orders all the same',
        }),
        paused: count('active orders that are paused'),
        pausedApproximate: z.literal(true).optional().meta({
          description:
            'there are more than 25 active orders: `paused` is estimated from the journals of 25, and where it is 0, a few may be paused all the same',
        }),
        stuck: z.int().meta({
          description: 'orders without progress for longer than their bound; exact up to 10,000',
        }),
      })
      .meta({ description: 'orders that have not ended' }),
    tasks: z
      .strictObject({
        queued: count('in the queues of all plugins'),
        inFlight: count('in the hands of all plugins'),
        parked: count('that wait for plugins in quarantine'),
        remaining: z.int().meta({
          description:
            'an estimate: tasks of active orders that are not done, queued and in flight ones included; of many orders, from a sample',
        }),
      })
      .meta({ description: 'tasks that are not done' }),
    plugins: z.array(pluginStatusSchema).meta({ description: 'by name' }),
    bottleneck: z.string().nullable().meta({
      description:
        'the plugin that is in alarm and takes longest to drain; without an alarm, the one whose instances need the most rounds for what waits in its queue',
    }),
  })
  .meta({ id: 'Status' });

export const taskOpennessSchema = z
  .object({
    open: z.boolean().meta({ description: 'false: its order or its attempt is over' }),
    deferred: z.boolean().optional().meta({
      description:
        'true: its plugin has left it to whoever holds the token, and need not begin it again',
    }),
    instead: z
      .strictObject({
        attempt: z.int().min(1).meta({ description: 'its number' }),
        deadlineAt: z.int().meta({ description: 'its deadline. Milliseconds since 1970' }),
      })
      .optional()
      .meta({ description: 'the attempt that is under way in its place' }),
    againAt: z.int().optional().meta({
      description: 'the task waits for its next attempt, until then. Milliseconds since 1970',
    }),
  })
  .meta({ id: 'TaskOpenness' });
