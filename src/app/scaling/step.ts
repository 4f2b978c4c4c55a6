import type { Plugin } from '../../core/plugin.ts';
import type { Bottleneck } from '../../core/scaling.ts';
import { assess, leastConcurrency } from '../../core/scaling.ts';
import type { Bottlenecks, RecordedBottleneck } from '../../ports/bottlenecks.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Lifecycle } from '../../ports/lifecycle.ts';
import type { Mapping, Mappings } from '../../ports/mappings.ts';
import type { PluginGauges, PluginMetrics, Throughput } from '../../ports/plugin-metrics.ts';
import type { QueueGauge, QueueGauges } from '../../ports/queue-gauges.ts';
import { logger } from '../logger.ts';
import { unlessAway } from './observation.ts';

export interface StepPorts {
  readonly queueGauges: QueueGauges;
  readonly pluginMetrics: PluginMetrics;
  readonly bottlenecks: Bottlenecks;
  readonly mappings: Mappings;
  readonly lifecycle: Lifecycle;
  readonly clock: Clock;
}

/** What a step is decided on. */
export interface Measures {
  readonly queue: QueueGauge | undefined;
  readonly gauges: PluginGauges | undefined;
  readonly throughput: Throughput | undefined;
}

/** What is measured of one plugin, right now. */
export async function measure(
  plugin: Plugin,
  { queueGauges, pluginMetrics }: Pick<StepPorts, 'queueGauges' | 'pluginMetrics'>,
): Promise<Measures> {
  const [queues, gauges, throughput] = await Promise.all([
    queueGauges.read([plugin.queueUrl]),
    unlessAway(pluginMetrics.gauges([plugin])),
    unlessAway(pluginMetrics.throughput([plugin])),
  ]);
  return {
    queue: queues.get(plugin.queueUrl),
    gauges: gauges.get(plugin.name),
    throughput: throughput.get(plugin.name),
  };
}

/**
 * Takes one step with a plugin that is behind, or was: up while its alarms ring, as far as that helps, and down to its base
 * afterwards. The record is written before the mapping is moved, and only its writer moves it: of two who come at once, one takes
 * the step. Who dies between the two leaves a mapping that the next step finds as it is.
 * @returns whether the step was taken; otherwise somebody else has taken one since `read`.
 */
export async function step(
  plugin: Plugin,
  alarms: readonly string[],
  read: RecordedBottleneck | undefined,
  measures: Measures,
  ports: StepPorts,
): Promise<boolean> {
  const mapping = await ports.mappings.of(plugin.queueArn);
  const next = nextOf(plugin, alarms, read, measures, mapping, ports.clock());
  await announce(next, read, ports);
  const now = mapping?.maximumConcurrency ?? leastConcurrency(plugin);
  const isBack = alarms.length === 0 && now === leastConcurrency(plugin);
  if (isBack) return read === undefined || ports.bottlenecks.remove(read);
  if (!(await ports.bottlenecks.put(next, read))) return false;
  if (mapping !== undefined && next.maximumConcurrency !== now) {
    await move(plugin, mapping, next, ports);
  }
  return true;
}

function nextOf(
  plugin: Plugin,
  alarms: readonly string[],
  read: RecordedBottleneck | undefined,
  { queue, gauges, throughput }: Measures,
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
    enabled: mapping?.enabled ?? false,
    maximumConcurrency: mapping?.maximumConcurrency ?? leastConcurrency(plugin),
    concurrency: plugin.concurrency,
  });
  // Alarms ring on for a while after the queue is empty, and of an empty queue there is no cause to be seen.
  const isDrained = goesOn && queue?.visible === 0;
  return {
    ...{ plugin: plugin.name, alarms, since: goesOn ? read.since : now },
    ...{ cause: isDrained ? read.cause : cause, timeToDrainSeconds },
    maximumConcurrency: nextConcurrency,
  };
}

/** Before it is recorded: a fact that is told twice is better than one that is never told. */
async function announce(
  next: Bottleneck,
  read: RecordedBottleneck | undefined,
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

async function move(plugin: Plugin, mapping: Mapping, next: Bottleneck, { mappings }: StepPorts) {
  const { maximumConcurrency: to } = next;
  const outcome = await mappings.setMaximumConcurrency(mapping.id, to);
  const from = mapping.maximumConcurrency;
  logger.info('concurrency', { plugin: plugin.name, from, to, outcome });
}
