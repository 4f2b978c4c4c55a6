import { makeRescale } from '../app/scaling/rescale-plugins.ts';
import {
  bottlenecks,
  lifecycle,
  mappings,
  pluginMetrics,
  queueGauges,
  registry,
  systemName,
  workers,
} from '../aws/adapters.ts';

export const handler = makeRescale({
  registry: registry(),
  queueGauges: queueGauges(),
  pluginMetrics: pluginMetrics(),
  bottlenecks: bottlenecks(),
  mappings: mappings(),
  lifecycle: lifecycle(),
  clock: Date.now,
  prefix: systemName(),
  workers: workers(),
});
