import { environment } from '../aws/environment.ts';
import {
  bottlenecks,
  lifecycle,
  mappings,
  pluginMetrics,
  queueGauges,
  registry,
} from '../aws/ports.ts';
import { makeRescale } from './scaling/rescale-plugins.ts';

const { system, stage } = environment();

export const handler = makeRescale({
  registry: registry(),
  queueGauges: queueGauges(),
  pluginMetrics: pluginMetrics(),
  bottlenecks: bottlenecks(),
  mappings: mappings(),
  lifecycle: lifecycle(),
  clock: Date.now,
  prefix: `${system}-${stage}`,
});
