import { makeSweep } from '../app/orders/sweep-orders.ts';
import {
  boundedPlugins,
  clientContracts,
  drains,
  enginePorts,
  failureWindows,
  metrics,
  objects,
  queueGauges,
  schedules,
  sweepRecord,
} from '../aws/adapters.ts';
import { environment } from '../aws/environment.ts';

export const handler = makeSweep({
  ...enginePorts(),
  boundedPlugins: boundedPlugins(),
  clients: clientContracts(),
  drains: drains(),
  failureWindows: failureWindows(),
  metrics: metrics(),
  objects: objects(),
  maxInputBytes: environment().maxInputBytes,
  queueGauges: queueGauges(),
  schedules: schedules(),
  sweepRecord: sweepRecord(),
});
