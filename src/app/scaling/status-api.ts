import { leastConcurrency } from '../../core/scaling.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PluginGauges } from '../../ports/plugin-metrics.ts';
import { httpApi } from '../http/http-api.ts';
import { iso } from '../orders/order-view.ts';
import type { ObservationPorts, ObservedPlugin } from './observation.ts';
import { isBottleneck, observe, queuedIn } from './observation.ts';

export interface StatusPorts extends ObservationPorts {
  readonly clock: Clock;
}

/** Whoever watches asks every second, and CloudWatch's numbers are a minute old and cost by the number. Milliseconds. */
const GAUGES_CACHED_MS = 5000;

export function makeStatus(ports: StatusPorts) {
  const remembering = { ...ports, pluginMetrics: remember(ports) };
  return httpApi([
    {
      method: 'GET',
      path: '/status',
      handle: async () => {
        const { active, byWorkflow, remaining, plugins } = await observe(remembering);
        const sum = (of: (one: ObservedPlugin) => number) =>
          plugins.reduce((total, one) => total + of(one), 0);
        return {
          status: 200,
          body: {
            orders: { active, byWorkflow },
            tasks: {
              queued: sum(queued),
              inFlight: sum(({ queue }) => queue?.inFlight ?? 0),
              remaining,
            },
            plugins: plugins.map(view),
            bottleneck: worstOf(plugins),
          },
        };
      },
    },
  ]);
}

/** The gauges of a moment ago, if they are of all plugins that are asked for. */
function remember({ pluginMetrics, clock }: StatusPorts): StatusPorts['pluginMetrics'] {
  let known: ReadonlyMap<string, PluginGauges> = new Map();
  let until = 0;
  return {
    async gauges(plugins) {
      if (clock() >= until || plugins.some(({ name }) => !known.has(name))) {
        known = await pluginMetrics.gauges(plugins);
        until = clock() + GAUGES_CACHED_MS;
      }
      return known;
    },
  };
}

function view(one: ObservedPlugin): object {
  const { plugin, queue, gauges, bottleneck } = one;
  const now = bottleneck?.maximumConcurrency ?? leastConcurrency(plugin);
  return {
    name: plugin.name,
    ...(queue && { queued: queuedIn(queue), inFlight: queue.inFlight }),
    ...(gauges?.oldestSeconds !== undefined && { oldestSeconds: gauges.oldestSeconds }),
    ...(gauges?.instances !== undefined && { instances: gauges.instances }),
    concurrency: { ...plugin.concurrency, now },
    health: healthOf(one),
    ...(isBottleneck(one) && bottleneck
      ? {
          bottleneck: {
            cause: bottleneck.cause,
            since: iso(bottleneck.since),
            timeToDrainSeconds: bottleneck.timeToDrainSeconds,
          },
        }
      : {}),
  };
}

function healthOf(one: ObservedPlugin): 'ok' | 'bottleneck' | 'switchedOff' {
  if (isBottleneck(one)) return 'bottleneck';
  return one.plugin.switchedOff ? 'switchedOff' : 'ok';
}

const queued = ({ queue }: ObservedPlugin): number => (queue === undefined ? 0 : queuedIn(queue));

/**
 * The plugin in alarm that takes longest to drain. Before any alarm rings, the one whose queue its instances would need the most
 * rounds to empty, if it needs more than one.
 */
function worstOf(plugins: readonly ObservedPlugin[]): string | null {
  const seconds = ({ bottleneck }: ObservedPlugin) => bottleneck?.timeToDrainSeconds ?? Infinity;
  const [slowest] = plugins.filter(isBottleneck).sort((a, b) => seconds(b) - seconds(a) || 0);
  if (slowest !== undefined) return slowest.plugin.name;
  const rounds = (one: ObservedPlugin) => queued(one) / one.plugin.concurrency.ceiling;
  const [most] = plugins.toSorted((a, b) => rounds(b) - rounds(a));
  return most !== undefined && rounds(most) > 1 ? most.plugin.name : null;
}
