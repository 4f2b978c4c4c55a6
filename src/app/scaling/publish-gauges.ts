import { defined } from '../../core/defined.ts';
import type { Dimensions, Metrics } from '../../ports/metrics.ts';
import type { Observation, ObservedPlugin } from './observation.ts';
import {
  concurrencyOf,
  instancesOf,
  isBottleneck,
  isBusy,
  isQuarantined,
  sumOf,
  tasksIn,
  tasksInFlight,
  tasksParked,
  tasksQueued,
} from './observation.ts';

type Values = Readonly<Record<string, number>>;

/**
 * Publishes an observation's gauges, those of workflows and plugins without work left out. When one falls idle, it gets a last
 * zero, so that its curve does not end above it.
 * @param ofPlugins whether each plugin has gauges of its own: they cost more than all the others
 */
export function createGaugePublisher(
  metrics: Metrics,
  ofPlugins: boolean,
): (observation: Observation) => void {
  let publishZerosBefore = new Map<string, () => void>();

  return (observation) => {
    const publishZeros = new Map<string, () => void>();
    for (const [dimensions, values] of gaugesOf(observation)) {
      if (!ofPlugins && 'Plugin' in dimensions) continue;
      metrics.publish(dimensions, values);
      const zeros = Object.fromEntries(Object.keys(values).map((name) => [name, 0]));
      const key = JSON.stringify(dimensions);
      publishZeros.set(key, () => metrics.publish(dimensions, zeros));
    }
    for (const [key, publish] of publishZerosBefore) if (!publishZeros.has(key)) publish();
    publishZerosBefore = publishZeros;
  };
}

function gaugesOf(observation: Observation): readonly [Dimensions, Values][] {
  const { active, byWorkflow, stuck, plugins } = observation;
  const busy = plugins.filter(isBusy);
  const gauges: [Dimensions, Values][] = [];
  if (active + stuck > 0 || busy.length > 0) {
    const { queued, inFlight, remaining } = tasksIn(observation);
    const values = {
      ...{ ActiveOrders: active, OrdersStuck: stuck },
      ...{ TasksQueued: queued, TasksInFlight: inFlight, TasksRemaining: remaining },
      ...quarantineGauges(plugins),
    };
    gauges.push([{}, values]);
  }
  for (const [Workflow, ActiveOrders] of Object.entries(byWorkflow)) {
    gauges.push([{ Workflow }, { ActiveOrders }]);
  }
  for (const one of busy) gauges.push([{ Plugin: one.plugin.name }, pluginGauges(one)]);
  return gauges;
}

/** Each metric costs money every month: these are there only while a plugin is in quarantine, or was until a while ago. */
function quarantineGauges(plugins: readonly ObservedPlugin[]): Values {
  if (plugins.every(({ plugin }) => plugin.quarantined === undefined)) return {};
  return {
    TasksParked: sumOf(plugins, tasksParked),
    PluginsQuarantined: plugins.filter(isQuarantined).length,
  };
}

/** Unknown gauges are left out: a zero would be a lie. */
function pluginGauges(one: ObservedPlugin): Values {
  const { gauges } = one;
  return {
    TasksQueued: tasksQueued(one),
    TasksInFlight: tasksInFlight(one),
    ...(one.plugin.quarantined && { TasksParked: tasksParked(one) }),
    InAlarm: Number(isBottleneck(one)),
    MaximumConcurrency: concurrencyOf(one),
    ...defined({ OldestTaskSeconds: gauges?.oldestSeconds, Instances: instancesOf(one) }),
  };
}
