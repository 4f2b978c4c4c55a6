import { makeStatus } from '../app/scaling/status-api.ts';
import {
  activeOrders,
  bottlenecks,
  counts,
  history,
  journal,
  parkedOrders,
  pluginMetrics,
  queueGauges,
  registry,
  turns,
  workers,
  workflows,
} from '../aws/adapters.ts';

export const handler = makeStatus({
  activeOrders: activeOrders(),
  registry: registry(),
  turns: turns(),
  journal: journal(),
  workflows: workflows(),
  queueGauges: queueGauges(),
  pluginMetrics: pluginMetrics(),
  bottlenecks: bottlenecks(),
  counts: counts(),
  history: history(),
  parkedOrders: parkedOrders(),
  clock: Date.now,
  workers: workers(),
});
