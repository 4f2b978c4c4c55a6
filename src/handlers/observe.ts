import { makeObserve } from '../app/scaling/observe-system.ts';
import {
  activeOrders,
  bottlenecks,
  counts,
  history,
  journal,
  lifecycle,
  mappings,
  metrics,
  parkedOrders,
  pluginMetrics,
  queueGauges,
  registry,
  workers,
  workflows,
} from '../aws/adapters.ts';
import { environment } from '../aws/environment.ts';

export const handler = makeObserve({
  activeOrders: activeOrders(),
  registry: registry(),
  journal: journal(),
  workflows: workflows(),
  queueGauges: queueGauges(),
  pluginMetrics: pluginMetrics(),
  bottlenecks: bottlenecks(),
  counts: counts(),
  history: history(),
  parkedOrders: parkedOrders(),
  mappings: mappings(),
  lifecycle: lifecycle(),
  metrics: metrics(),
  gaugesOfPlugins: environment().pluginMetrics === 'all',
  clock: Date.now,
  workers: workers(),
});
