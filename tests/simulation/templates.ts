import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import type { Service } from '../../infra/plugin-resources/index.ts';
import { addPluginResources } from '../../infra/plugin-resources/index.ts';
import type { PluginDefinition } from '../../src/core/plugin.ts';
import type { QueueSettings } from './queues.ts';

/** A Lambda function and its event source mapping, as the templates say. */
export interface FunctionSettings {
  readonly timeoutMs: number;
  readonly batchSize: number;
  readonly windowMs?: number;
}

/** What the core's templates say. */
export interface CoreSettings {
  readonly orchestratorQueue: QueueSettings;
  readonly orchestratorDeadLetterQueue: QueueSettings;
  readonly orchestrate: FunctionSettings;
  readonly operationsQueue: QueueSettings;
  readonly operationsDeadLetterQueue: QueueSettings;
  readonly operate: FunctionSettings & { readonly mostInstances: number };
  readonly buryTimeoutMs: number;
  readonly sweepTimeoutMs: number;
  readonly sweepEveryMs: number;
  readonly subscriptionSettlesSeconds: number;
  readonly retentionDays: number;
}

/** What a plugin's stack says. */
export interface PluginSettings {
  readonly definition: PluginDefinition;
  readonly queue: QueueSettings;
  readonly deadLetterQueue: QueueSettings;
  readonly perform: FunctionSettings & { readonly mostInstances: number };
  readonly bury: { readonly batchSize: number; readonly mostInstances: number };
  /** Absent for an ordered plugin, whose queue no topic feeds. */
  readonly filterPolicy?: Readonly<Record<string, readonly string[]>>;
}

// biome-ignore lint/suspicious/noExplicitAny: a template is any JSON.
type Template = any;

export const SYSTEM = { name: 'baton', stage: 'test' };

/** SQS's default, in seconds. */
const DEFAULT_VISIBILITY = 30;

export function coreSettings(): CoreSettings {
  const service = yamlOf('serverless.yml');
  const { Resources } = yamlOf('infra/core/queues.yml');
  const { orchestrate, operate, bury, sweep } = service.functions;
  const [mapping] = orchestrate.events;
  const [pages] = operate.events;
  const rate = /^rate\((\d+) minutes?\)$/.exec(sweep.events[0].schedule)?.[1];
  const settings = service.params.default;
  return {
    orchestratorQueue: queueOf(Resources.OrchestratorQueue),
    orchestratorDeadLetterQueue: queueOf(Resources.OrchestratorDeadLetterQueue),
    orchestrate: { timeoutMs: orchestrate.timeout * 1000, batchSize: mapping.sqs.batchSize },
    operationsQueue: queueOf(Resources.OperationsQueue),
    operationsDeadLetterQueue: queueOf(Resources.OperationsDeadLetterQueue),
    operate: {
      timeoutMs: operate.timeout * 1000,
      batchSize: pages.sqs.batchSize,
      mostInstances: pages.sqs.maximumConcurrency,
    },
    buryTimeoutMs: bury.timeout * 1000,
    sweepTimeoutMs: sweep.timeout * 1000,
    sweepEveryMs: Number(rate) * 60_000,
    subscriptionSettlesSeconds: Number(settings['subscription-settles-seconds']),
    retentionDays: Number(settings['retention-days']),
  };
}

/** A plugin's stack, compiled by the Serverless plugin from the function's timeout and its `baton:` block. */
export function pluginSettings(
  timeoutSeconds: number,
  { plugin, ...block }: { readonly plugin: string } & Readonly<Record<string, unknown>>,
): PluginSettings {
  const service: Service = {
    service: 'simulated',
    provider: {},
    functions: { perform: { timeout: timeoutSeconds, baton: { plugin, ...block } } },
  };
  addPluginResources(service, SYSTEM);
  const resources = Object.entries(service.resources?.Resources ?? {}) as [string, Template][];
  const only = (end: string): Template => {
    const found = resources.find(([id, { Type }]) => id.endsWith(end) && Type !== undefined);
    if (found === undefined) throw new Error(`the stack of ${plugin} has no ${end}`);
    return found[1].Properties;
  };
  const dead = only('DeadLetterQueue');
  const queue = resources.find(
    ([, { Type, Properties }]) => Type === 'AWS::SQS::Queue' && Properties.RedrivePolicy,
  )?.[1];
  const definition = JSON.parse(only('Registration').Definition) as PluginDefinition;
  const event = service.functions.perform?.events?.[0] as Template;
  const burial = only('Burial');
  return {
    definition,
    queue: queueOf(queue),
    deadLetterQueue: queueOf({ Properties: dead }),
    perform: {
      timeoutMs: timeoutSeconds * 1000,
      batchSize: event.sqs.batchSize,
      windowMs: (event.sqs.maximumBatchingWindow ?? 0) * 1000,
      mostInstances: event.sqs.maximumConcurrency,
    },
    bury: {
      batchSize: burial.BatchSize,
      mostInstances: burial.ScalingConfig.MaximumConcurrency,
    },
    ...(definition.ordered === undefined && { filterPolicy: only('Subscription').FilterPolicy }),
  };
}

function queueOf({ Properties }: Template): QueueSettings {
  const { QueueName, VisibilityTimeout = DEFAULT_VISIBILITY, RedrivePolicy } = Properties;
  return {
    name: String(QueueName)
      .replace(/\$\{param:system-name\}/, SYSTEM.name)
      .replace(/\$\{sls:stage\}/, SYSTEM.stage),
    visibilityMs: VisibilityTimeout * 1000,
    ...(RedrivePolicy && { maxReceiveCount: RedrivePolicy.maxReceiveCount }),
  };
}

/** The file as data; CloudFormation's own tags do not matter here. */
function yamlOf(path: string): Template {
  const text = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  return parseDocument(text, { logLevel: 'silent' }).toJS();
}
