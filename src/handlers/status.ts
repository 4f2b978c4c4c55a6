import {
  activeOrders,
  bottlenecks,
  journal,
  pluginMetrics,
  queueGauges,
  registry,
  workflows,
} from '../aws/ports.ts';
import { makeStatus } from './api/status-api.ts';

export const handler = makeStatus({
  activeOrders: activeOrders(),
  registry: registry(),
  journal: journal(),
  workflows: workflows(),
  queueGauges: queueGauges(),
  pluginMetrics: pluginMetrics(),
  bottlenecks: bottlenecks(),
  clock: Date.now,
});
