import { defined } from '../../core/defined.ts';
import type { Instant } from '../../core/json.ts';
import type { PluginSample, Sample } from '../../ports/history.ts';
import type { Observation, ObservedPlugin } from './observation.ts';
import {
  concurrencyOf,
  instancesOf,
  isBusy,
  tasksIn,
  tasksInFlight,
  tasksParked,
  tasksQueued,
} from './observation.ts';

/** What the history keeps of an observation; undefined while all is at rest, so that an idle system costs nothing. */
export function sampleOf(observation: Observation, at: Instant): Sample | undefined {
  const { active, stuck, plugins } = observation;
  const busy = plugins.filter(isBusy);
  if (active + stuck + busy.length === 0) return undefined;
  return {
    at,
    system: { active, stuck, ...tasksIn(observation) },
    plugins: Object.fromEntries(busy.map((one) => [one.plugin.name, pluginSample(one)])),
  };
}

function pluginSample(one: ObservedPlugin): PluginSample {
  return {
    queued: tasksQueued(one),
    inFlight: tasksInFlight(one),
    parked: tasksParked(one),
    concurrency: concurrencyOf(one),
    ...defined({ oldestSeconds: one.gauges?.oldestSeconds, instances: instancesOf(one) }),
  };
}
