import type { Plugin } from '../../core/plugin.ts';
import type { ActiveOrders } from '../../ports/active-orders.ts';
import type { Bottlenecks, RecordedBottleneck } from '../../ports/bottlenecks.ts';
import type { Journal } from '../../ports/journal.ts';
import type { PluginGauges, PluginMetrics } from '../../ports/plugin-metrics.ts';
import type { QueueGauge, QueueGauges } from '../../ports/queue-gauges.ts';
import type { Registry } from '../../ports/registry.ts';
import type { Workflows } from '../../ports/workflows.ts';
import { logger } from '../logger.ts';
import type { OrderPlace } from './remaining-estimate.ts';
import { estimateRemaining } from './remaining-estimate.ts';

export interface ObservationPorts {
  readonly activeOrders: Pick<ActiveOrders, 'pages'>;
  readonly registry: Registry;
  readonly journal: Pick<Journal, 'latest'>;
  readonly workflows: Pick<Workflows, 'get'>;
  readonly queueGauges: QueueGauges;
  readonly pluginMetrics: Pick<PluginMetrics, 'gauges'>;
  readonly bottlenecks: Pick<Bottlenecks, 'list'>;
}

/** A plugin, and what is known of it. */
export interface ObservedPlugin {
  readonly plugin: Plugin;
  readonly queue: QueueGauge | undefined;
  readonly gauges: PluginGauges | undefined;
  readonly bottleneck: RecordedBottleneck | undefined;
}

/** What is going on: the numbers behind `GET /status`, the dashboard and the decisions about concurrency. */
export interface Observation {
  readonly active: number;
  readonly byWorkflow: Readonly<Record<string, number>>;
  /** An estimate: see `estimateRemaining`. */
  readonly remaining: number;
  /** By name. */
  readonly plugins: readonly ObservedPlugin[];
  /** Records of plugins that are not registered any more. */
  readonly leftBehind: readonly RecordedBottleneck[];
}

/** Ad-hoc orders run workflows named by a hash each: they are counted as one. */
const AD_HOC = 'todo-*';

/** Nobody has anything to do with it at the moment. */
const AT_REST: PluginGauges = { oldestSeconds: 0, instances: 0 };

export async function observe(ports: ObservationPorts): Promise<Observation> {
  const [orders, registered, bottlenecks] = await Promise.all([
    listOrders(ports),
    ports.registry.plugins({ fresh: true }),
    ports.bottlenecks.list(),
  ]);
  const [remaining, plugins] = await Promise.all([
    estimateRemaining(orders, registered, ports),
    observePlugins([...registered.values()], bottlenecks, ports),
  ]);
  const counts = new Map<string, number>();
  for (const { workflow } of orders) {
    const name = workflow.name.startsWith('todo-') ? AD_HOC : workflow.name;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const byWorkflow = Object.fromEntries(counts);
  const leftBehind = bottlenecks.filter(({ plugin }) => !registered.has(plugin));
  return { active: orders.length, byWorkflow, remaining, plugins, leftBehind };
}

/** Messages that wait for an instance, whether they are due or not. */
export const queuedIn = ({ visible, delayed }: QueueGauge): number => visible + delayed;

/** Whether the plugin is behind, as its alarms say. */
export const isBottleneck = ({ bottleneck }: ObservedPlugin): boolean =>
  (bottleneck?.alarms.length ?? 0) > 0;

async function listOrders({ activeOrders }: ObservationPorts): Promise<readonly OrderPlace[]> {
  const orders: OrderPlace[] = [];
  for await (const page of activeOrders.pages()) {
    orders.push(...page.map(({ orderId, workflow }) => ({ orderId, workflow })));
  }
  return orders;
}

async function observePlugins(
  plugins: readonly Plugin[],
  bottlenecks: readonly RecordedBottleneck[],
  ports: ObservationPorts,
): Promise<readonly ObservedPlugin[]> {
  const queues = await ports.queueGauges.read(plugins.map(({ queueUrl }) => queueUrl));
  const isAtRest = ({ queueUrl }: Plugin) => {
    const queue = queues.get(queueUrl);
    return queue !== undefined && queuedIn(queue) + queue.inFlight === 0;
  };
  const gauges = await gaugesOf(
    plugins.filter((plugin) => !isAtRest(plugin)),
    ports,
  );
  return plugins
    .map((plugin) => ({
      plugin,
      queue: queues.get(plugin.queueUrl),
      gauges: isAtRest(plugin) ? AT_REST : gauges.get(plugin.name),
      bottleneck: bottlenecks.find((one) => one.plugin === plugin.name),
    }))
    .sort((a, b) => (a.plugin.name < b.plugin.name ? -1 : 1));
}

async function gaugesOf(busy: readonly Plugin[], { pluginMetrics }: ObservationPorts) {
  return busy.length === 0 ? NOTHING_KNOWN : unlessAway(pluginMetrics.gauges(busy));
}

const NOTHING_KNOWN = new Map<string, never>();

/** CloudWatch may be away: what depends on it is then not known, and all the rest goes on. */
export async function unlessAway<T>(
  asked: Promise<ReadonlyMap<string, T>>,
): Promise<ReadonlyMap<string, T>> {
  return asked.catch((error: Error) => {
    logger.warn('metrics unknown', { error });
    return NOTHING_KNOWN;
  });
}
