import type { Plugin } from '../../core/plugin.ts';
import type { Bottleneck } from '../../core/scaling.ts';
import { assess, leastConcurrency } from '../../core/scaling.ts';
import type { Bottlenecks, RecordedBottleneck } from '../../ports/bottlenecks.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Lifecycle } from '../../ports/lifecycle.ts';
import type { Mapping, Mappings } from '../../ports/mappings.ts';
import type { PluginGauges, PluginMetrics, Throughput } from '../../ports/plugin-metrics.ts';
import type { QueueGauge, QueueGauges } from '../../ports/queue-gauges.ts';
import type { Workers } from '../../ports/workers.ts';
import { logger } from '../logger.ts';
import { orUnknown } from './or-unknown.ts';
import type { Workforce } from './workforce.ts';
import { readWorkforces } from './workforce.ts';

export interface StepPorts {
  readonly queueGauges: QueueGauges;
  readonly pluginMetrics: PluginMetrics;
  readonly bottlenecks: Bottlenecks;
  readonly mappings: Mappings;
  readonly workers: Pick<Workers, 'list'>;
  readonly lifecycle: Lifecycle;
  readonly clock: Clock;
}

/** The measures that a step depends on; `undefined` is unknown. */
export interface Measures {
  readonly queue: QueueGauge | undefined;
  readonly gauges: PluginGauges | undefined;
  readonly throughput: Throughput | undefined;
  /** Of a plugin that runs in containers. */
  readonly workforce: Workforce | undefined;
}

/** Measures one plugin. */
export async function measurePlugin(
  plugin: Plugin,
  ports: Pick<StepPorts, 'queueGauges' | 'pluginMetrics' | 'workers' | 'clock'>,
): Promise<Measures> {
  const { queueGauges, pluginMetrics } = ports;
  const [queues, gauges, throughput, workforces] = await Promise.all([
    queueGauges.read([plugin.queueUrl]),
    orUnknown(pluginMetrics.gauges([plugin])),
    orUnknown(pluginMetrics.throughput([plugin])),
    readWorkforces([plugin], ports),
  ]);
  return {
    queue: queues.get(plugin.queueUrl),
    gauges: gauges.get(plugin.name),
    throughput: throughput.get(plugin.name),
    workforce: workforces.get(plugin.name),
  };
}

/**
 * Changes a plugin's concurrency by one step: up while its alarms ring, as far as that helps, and afterwards down to its base.
 * The bottleneck's record is written first, on the condition that nobody has changed it since it was `read`; only the writer then
 * changes the mapping. So of two that start at once, one takes the step. If the writer dies between the two writes, the
 * next step begins at the concurrency that the mapping still has. A plugin that runs in containers has no mapping: its record says what
 * holds it up, and whoever runs the containers scales them.
 * @returns false if somebody else has changed the record since it was `read`
 */
export async function takeStep(
  plugin: Plugin,
  alarms: readonly string[],
  read: RecordedBottleneck | undefined,
  measures: Measures,
  ports: StepPorts,
): Promise<boolean> {
  const { workforce } = measures;
  const mapping = workforce === undefined ? await ports.mappings.of(plugin.queueArn) : undefined;
  const next = nextBottleneck(plugin, alarms, read, measures, mapping, ports.clock());
  await publishChange(read, next, ports);
  const now = mapping?.maximumConcurrency ?? leastConcurrency(plugin);
  const isBack =
    alarms.length === 0 && (workforce !== undefined || now === leastConcurrency(plugin));
  if (isBack) return read === undefined || ports.bottlenecks.remove(read);
  if (!(await ports.bottlenecks.put(next, read))) return false;
  if (mapping !== undefined && next.maximumConcurrency !== now) {
    await setConcurrency(plugin, mapping, next.maximumConcurrency, ports);
  }
  return true;
}

function nextBottleneck(
  plugin: Plugin,
  alarms: readonly string[],
  read: RecordedBottleneck | undefined,
  { queue, gauges, throughput, workforce }: Measures,
  mapping: Mapping | undefined,
  now: number,
): Bottleneck {
  const inAlarm = alarms.length > 0;
  const goesOn = read !== undefined && (read.alarms.length > 0 || !inAlarm);
  const { cause, timeToDrainSeconds, nextConcurrency } = assess({
    inAlarm,
    queued: queue?.visible ?? 0,
    inFlight: queue?.inFlight ?? 0,
    instances: gauges?.instances,
    endedPerSecond: throughput?.endedPerSecond ?? 0,
    failedPerSecond: throughput?.failedPerSecond ?? 0,
    crashedPerSecond: throughput?.crashedPerSecond ?? 0,
    quarantined: plugin.quarantined?.phase === 'closed',
    ...(workforce === undefined
      ? {
          enabled: mapping?.enabled ?? false,
          maximumConcurrency: mapping?.maximumConcurrency ?? leastConcurrency(plugin),
        }
      : {
          enabled: true,
          maximumConcurrency: workforce.concurrency,
          workers: workforce.workers,
        }),
    concurrency: plugin.concurrency,
  });
  // Alarms still ring for a while after the queue is empty, and an empty queue shows no cause: the last one stands.
  const isDrained = goesOn && queue?.visible === 0;
  return {
    plugin: plugin.name,
    alarms,
    since: goesOn ? read.since : now,
    cause: isDrained ? read.cause : cause,
    timeToDrainSeconds,
    maximumConcurrency: nextConcurrency,
  };
}

/** Publishes that a bottleneck begins, has another cause, or ends. Comes before the record: rather a fact told twice than one never told. */
async function publishChange(
  read: RecordedBottleneck | undefined,
  next: Bottleneck,
  { lifecycle, clock }: StepPorts,
): Promise<void> {
  const { plugin, since } = next;
  const [was, is] = [(read?.alarms.length ?? 0) > 0, next.alarms.length > 0];
  if (is && (!was || read?.cause !== next.cause)) {
    logger.warn('bottleneck', { ...next });
    await lifecycle.publish({ type: 'plugin.bottleneck', ...next });
  } else if (was && !is) {
    logger.info('bottleneck cleared', { plugin });
    const clearedAt = clock();
    await lifecycle.publish({ type: 'plugin.bottleneck.cleared', plugin, since, clearedAt });
  }
}

async function setConcurrency(
  { name: plugin }: Plugin,
  { id, maximumConcurrency: from }: Mapping,
  to: number,
  { mappings }: StepPorts,
): Promise<void> {
  const outcome = await mappings.setMaximumConcurrency(id, to);
  logger.info('concurrency', { plugin, from, to, outcome });
}
