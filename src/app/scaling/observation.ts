import { ALL_AD_HOC, isAdHoc } from '../../contract/ad-hoc-name.ts';
import { defined } from '../../core/defined.ts';
import type { Plugin, Plugins } from '../../core/plugin.ts';
import { leastConcurrency } from '../../core/scaling.ts';
import type { ActiveOrders, ListedOrder } from '../../ports/active-orders.ts';
import type { Bottlenecks, RecordedBottleneck } from '../../ports/bottlenecks.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Journal } from '../../ports/journal.ts';
import type { ParkedOrders } from '../../ports/parked-orders.ts';
import type { PluginGauges, PluginMetrics } from '../../ports/plugin-metrics.ts';
import type { QueueGauge, QueueGauges } from '../../ports/queue-gauges.ts';
import type { Registry } from '../../ports/registry.ts';
import type { Workers } from '../../ports/workers.ts';
import type { Workflows } from '../../ports/workflows.ts';
import { countStuck } from '../orders/stuck-orders.ts';
import { orUnknown, UNKNOWN } from './or-unknown.ts';
import { isEmpty, queuedIn } from './queue-load.ts';
import { estimateFromJournals } from './remaining-estimate.ts';
import type { Workforce } from './workforce.ts';
import { readWorkforces } from './workforce.ts';

export interface ObservationPorts {
  readonly activeOrders: Pick<ActiveOrders, 'survey' | 'countStuck'>;
  readonly clock: Clock;
  readonly registry: Registry;
  readonly journal: Pick<Journal, 'latest'>;
  readonly workflows: Pick<Workflows, 'get'>;
  readonly queueGauges: QueueGauges;
  readonly pluginMetrics: Pick<PluginMetrics, 'gauges'>;
  readonly bottlenecks: Pick<Bottlenecks, 'list'>;
  readonly parkedOrders: Pick<ParkedOrders, 'count'>;
  readonly workers: Pick<Workers, 'list'>;
}

/** A plugin and its measures; `undefined` where a measure is unknown, or the plugin is no bottleneck. */
export interface ObservedPlugin {
  readonly plugin: Plugin;
  readonly queue: QueueGauge | undefined;
  readonly gauges: PluginGauges | undefined;
  readonly bottleneck: RecordedBottleneck | undefined;
  /** Its tasks that wait for the end of its quarantine, those of an order that were parked together as one. Exact up to 10,000. */
  readonly parked: number;
  /** Of a plugin that runs in containers. */
  readonly workforce: Workforce | undefined;
}

/** The numbers of the active orders at one moment. */
export interface ObservedOrders {
  /** Orders that have not ended. Exact up to 10,000. */
  readonly active: number;
  /** Absent when `active` is exact. */
  readonly approximate?: true;
  /** Active orders by workflow; all ad-hoc workflows count as one. Exact up to 500 active orders, estimated for more. */
  readonly byWorkflow: Readonly<Record<string, number>>;
  /** Absent when `byWorkflow` is exact. A workflow with few orders may be missing in an estimate. */
  readonly byWorkflowApproximate?: true;
  /** Orders without progress for longer than their bound: see src/engine/stuck.ts. Exact up to 10,000. */
  readonly stuck: number;
  /** Orders that are paused, as far as a few journals tell: see `estimateFromJournals`. */
  readonly paused: number;
  /** Absent when `paused` is exact. Where few are paused, none of them may have been looked at. */
  readonly pausedApproximate?: true;
  /** Tasks that the active orders still need, estimated: see `estimateFromJournals`. */
  readonly remaining: number;
}

/** The whole system at one moment: the numbers behind `GET /status`, the dashboard and the decisions about concurrency. */
export interface Observation extends ObservedOrders {
  /** Sorted by name. */
  readonly plugins: readonly ObservedPlugin[];
  /** Bottleneck records of plugins that are no longer registered. */
  readonly leftBehind: readonly RecordedBottleneck[];
}

/** The gauges of a plugin with an empty queue: CloudWatch need not be asked. */
const AT_REST: PluginGauges = { oldestSeconds: 0, instances: 0 };

/** @param readOrders where the numbers of the orders come from; by default they are read again */
export async function readObservation(
  ports: ObservationPorts,
  readOrders = observeOrders,
): Promise<Observation> {
  const [registered, bottlenecks] = await Promise.all([
    ports.registry.plugins({ fresh: true }),
    ports.bottlenecks.list(),
  ]);
  const [orders, plugins] = await Promise.all([
    readOrders(registered, ports),
    observePlugins([...registered.values()], bottlenecks, ports),
  ]);
  const leftBehind = bottlenecks.filter(({ plugin }) => !registered.has(plugin));
  return { ...orders, plugins, leftBehind };
}

/** Counts the active orders, and reads the journals of a few. */
export async function observeOrders(
  plugins: Plugins,
  ports: Pick<ObservationPorts, 'activeOrders' | 'journal' | 'workflows' | 'clock'>,
): Promise<ObservedOrders> {
  const [{ count, approximate, sample }, stuck] = await Promise.all([
    ports.activeOrders.survey(),
    countStuck(ports),
  ]);
  const each = sample.length === 0 ? 0 : count / sample.length;
  const estimate = await estimateFromJournals(sample, plugins, ports);
  const remaining = Math.round(each * estimate.remaining);
  const paused = Math.round(each * estimate.paused);
  const byWorkflow = countByWorkflow(sample, each);
  const isWhole = sample.length === count;
  return {
    ...{ active: count, byWorkflow, paused, stuck, remaining },
    ...defined({
      approximate,
      byWorkflowApproximate: unless(isWhole),
      pausedApproximate: unless(isWhole && estimate.isWhole),
    }),
  };
}

const unless = (isExact: boolean) => (isExact ? undefined : (true as const));

/** Whether an alarm says that the plugin is behind. */
export const isBottleneck = ({ bottleneck }: ObservedPlugin): boolean =>
  (bottleneck?.alarms.length ?? 0) > 0;

/** The plugin's tasks that wait for an instance. */
export const tasksQueued = ({ queue }: ObservedPlugin): number => queuedIn(queue);

/** The plugin's tasks that an instance has. */
export const tasksInFlight = ({ queue }: ObservedPlugin): number => queue?.inFlight ?? 0;

/** The plugin's tasks that wait for the end of its quarantine. */
export const tasksParked = ({ parked }: ObservedPlugin): number => parked;

/** The plugin's instances; `undefined` if nobody knows. */
export const instancesOf = ({ gauges, workforce }: ObservedPlugin): number | undefined =>
  workforce?.workers ?? gauges?.instances;

/** How many instances may be at work, or, in containers, how many tasks. */
export function concurrencyOf({ plugin, bottleneck, workforce }: ObservedPlugin): number {
  return workforce?.concurrency ?? bottleneck?.maximumConcurrency ?? leastConcurrency(plugin);
}

/** Whether the plugin is held back, and not because it is new. */
export const isQuarantined = ({
  plugin: { quarantined },
}: Pick<ObservedPlugin, 'plugin'>): boolean =>
  quarantined?.phase === 'closed' && !quarantined.isNew;

/** Whether the plugin has tasks, is behind or held back, or has more instances than at first. */
export function isBusy(one: ObservedPlugin): boolean {
  const tasks = tasksQueued(one) + tasksInFlight(one) + tasksParked(one);
  return tasks > 0 || one.bottleneck !== undefined || isQuarantined(one);
}

/** The tasks of all plugins that are not done. */
export function tasksIn({ plugins, remaining }: Observation) {
  return {
    queued: sumOf(plugins, tasksQueued),
    inFlight: sumOf(plugins, tasksInFlight),
    parked: sumOf(plugins, tasksParked),
    remaining,
  };
}

/** The sum over the plugins of one of their numbers. */
export function sumOf(
  plugins: readonly ObservedPlugin[],
  numberOf: (one: ObservedPlugin) => number,
): number {
  return plugins.reduce((total, one) => total + numberOf(one), 0);
}

/** @param each how many orders each of these stands for */
function countByWorkflow(sample: readonly ListedOrder[], each: number): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { workflow } of sample) {
    const name = isAdHoc(workflow.name) ? ALL_AD_HOC : workflow.name;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].map(([name, count]) => [name, Math.round(count * each)]));
}

async function observePlugins(
  plugins: readonly Plugin[],
  bottlenecks: readonly RecordedBottleneck[],
  ports: ObservationPorts,
): Promise<readonly ObservedPlugin[]> {
  const { queueGauges, pluginMetrics, parkedOrders } = ports;
  const held = plugins.filter(({ quarantined }) => quarantined !== undefined);
  const [queues, workforces, counts] = await Promise.all([
    queueGauges.read(plugins.map(({ queueUrl }) => queueUrl)),
    readWorkforces(plugins, ports),
    Promise.all(held.map(({ name }) => parkedOrders.count(name))),
  ]);
  const parked = new Map(held.map(({ name }, index) => [name, counts[index] ?? 0]));
  const isAtRest = ({ queueUrl }: Plugin) => isEmpty(queues.get(queueUrl));
  const busy = plugins.filter((plugin) => !isAtRest(plugin));
  const gauges = busy.length === 0 ? UNKNOWN : await orUnknown(pluginMetrics.gauges(busy));
  return plugins
    .map((plugin) => ({
      plugin,
      queue: queues.get(plugin.queueUrl),
      gauges: isAtRest(plugin) ? AT_REST : gauges.get(plugin.name),
      bottleneck: bottlenecks.find((one) => one.plugin === plugin.name),
      parked: parked.get(plugin.name) ?? 0,
      workforce: workforces.get(plugin.name),
    }))
    .sort((a, b) => (a.plugin.name < b.plugin.name ? -1 : 1));
}
