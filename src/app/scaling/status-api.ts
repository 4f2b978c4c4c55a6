import { defined } from '../../core/defined.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PluginGauges } from '../../ports/plugin-metrics.ts';
import type { Registry } from '../../ports/registry.ts';
import { httpApi } from '../http/http-api.ts';
import { iso } from '../http/iso.ts';
import { logger } from '../logger.ts';
import type { CountsPorts } from '../over-time/counts-api.ts';
import { countsRoute } from '../over-time/counts-api.ts';
import type { HistoryPorts } from '../over-time/history-api.ts';
import { historyRoutes } from '../over-time/history-api.ts';
import { viewQuarantine } from '../quarantine/quarantine-view.ts';
import type { ClientsWaitingPorts } from './clients-waiting.ts';
import { readTurns } from './clients-waiting.ts';
import type { ObservationPorts, ObservedOrders, ObservedPlugin } from './observation.ts';
import {
  concurrencyOf,
  instancesOf,
  isBottleneck,
  isQuarantined,
  observeOrders,
  readObservation,
  tasksIn,
  tasksQueued,
} from './observation.ts';
import { queuedIn } from './queue-load.ts';

export interface StatusPorts extends ObservationPorts, CountsPorts, HistoryPorts {
  readonly registry: Registry;
  readonly turns: ClientsWaitingPorts['turns'];
  readonly clock: Clock;
}

/** Milliseconds. A screen that watches asks every second; CloudWatch's numbers are a minute old, and each costs money. */
const GAUGES_CACHED_MS = 5000;

/** Up to this many active orders are counted with each request: it takes some 20 ms. Of more, the numbers are some seconds old, and above 10,000 minutes: see `ActiveOrders.survey`. */
const READ_EACH_TIME = 500;

/** The age of the numbers for each 10,000 active orders. To count them takes longer, and costs more, the more they are. */
const ORDERS_CACHED_MS = 5000;

export function makeStatus(ports: StatusPorts) {
  const readOrders = cacheOrders(ports);
  const caching = { ...ports, pluginMetrics: cacheGauges(ports) };
  return httpApi([
    {
      method: 'GET',
      path: '/status',
      handle: async () => {
        const observation = await readObservation(caching, readOrders);
        const { active, approximate, byWorkflow, byWorkflowApproximate, ...rest } = observation;
        const { paused, pausedApproximate, stuck, plugins } = rest;
        const turns = await readTurns(
          plugins.map(({ plugin }) => plugin),
          ports,
        );
        return {
          status: 200,
          body: {
            orders: {
              ...{ active, byWorkflow, paused, stuck },
              ...defined({ approximate, byWorkflowApproximate, pausedApproximate }),
            },
            tasks: tasksIn(observation),
            plugins: plugins.map((one) => ({
              ...view(one),
              ...defined({ turns: turns.get(one.plugin.name) }),
            })),
            bottleneck: worstOf(plugins),
          },
        };
      },
    },
    countsRoute(ports),
    ...historyRoutes(ports),
  ]);
}

/**
 * Gives the same numbers again for a few seconds, if it takes long to read them; and for as long again while it reads newer ones, so that
 * nobody who watches waits for that. Between two requests Lambda may stop the reading for hours: what it brings then is not given.
 */
function cacheOrders({ clock }: StatusPorts): typeof observeOrders {
  let known: { readonly orders: ObservedOrders; readonly at: number } | undefined;
  let isReading = false;

  return async (plugins, ports) => {
    const read = async () => {
      const at = clock();
      const orders = await observeOrders(plugins, ports);
      if (known === undefined || at >= known.at) known = { orders, at };
      return orders;
    };
    if (known === undefined || known.orders.active <= READ_EACH_TIME) return read();
    const { orders, at } = known;
    const lifetimes = (clock() - at) / (ORDERS_CACHED_MS * Math.max(1, orders.active / 10_000));
    if (lifetimes >= 2) return read();
    if (lifetimes >= 1 && !isReading) {
      isReading = true;
      void read()
        .catch((error: unknown) => logger.warn('active orders unknown', { error }))
        .finally(() => {
          isReading = false;
        });
    }
    return orders;
  };
}

/** Gives the same gauges again for a few seconds, unless a plugin is asked for that they lack. */
function cacheGauges({ pluginMetrics, clock }: StatusPorts): StatusPorts['pluginMetrics'] {
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
  const { plugin, queue, gauges, bottleneck, parked, workforce } = one;
  const { quarantined } = plugin;
  const now = concurrencyOf(one);
  // Baton neither starts nor ends containers: what there is, is the least and the most.
  const range = workforce === undefined ? plugin.concurrency : { base: now, ceiling: now };
  return {
    name: plugin.name,
    ...(queue && { queued: queuedIn(queue), inFlight: queue.inFlight }),
    ...defined({ oldestSeconds: gauges?.oldestSeconds, instances: instancesOf(one) }),
    concurrency: { ...range, now },
    health: healthOf(one),
    ...(quarantined && { quarantine: { ...viewQuarantine(quarantined), parked } }),
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

type Health = 'ok' | 'bottleneck' | 'quarantined' | 'draining' | 'switchedOff';

function healthOf(one: ObservedPlugin): Health {
  if (isQuarantined(one)) return 'quarantined';
  if (one.plugin.quarantined?.phase === 'draining') return 'draining';
  if (isBottleneck(one)) return 'bottleneck';
  return one.plugin.switchedOff ? 'switchedOff' : 'ok';
}

/**
 * The plugin in alarm that takes longest to drain. While no alarm rings, the plugin with the most queued tasks for each instance that it
 * may have, if there is more than one.
 */
function worstOf(plugins: readonly ObservedPlugin[]): string | null {
  const seconds = ({ bottleneck }: ObservedPlugin) => bottleneck?.timeToDrainSeconds ?? Infinity;
  const [slowest] = plugins.filter(isBottleneck).sort((a, b) => seconds(b) - seconds(a) || 0);
  if (slowest !== undefined) return slowest.plugin.name;
  const share = (one: ObservedPlugin) => tasksQueued(one) / one.plugin.concurrency.ceiling;
  const [fullest] = plugins.toSorted((a, b) => share(b) - share(a));
  return fullest !== undefined && share(fullest) > 1 ? fullest.plugin.name : null;
}
