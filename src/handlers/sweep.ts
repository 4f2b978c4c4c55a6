import { makeSweep } from '../app/orders/sweep-orders.ts';
import {
  drains,
  enginePorts,
  failureWindows,
  metrics,
  queueGauges,
  sweepRecord,
} from '../aws/adapters.ts';

export const handler = makeSweep({
  ...enginePorts(),
  drains: drains(),
  failureWindows: failureWindows(),
  metrics: metrics(),
  queueGauges: queueGauges(),
  sweepRecord: sweepRecord(),
});
