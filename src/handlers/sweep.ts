import { makeSweep } from '../app/orders/sweep-orders.ts';
import { drains, enginePorts, metrics, queueGauges, sweepRecord } from '../aws/adapters.ts';

export const handler = makeSweep({
  ...enginePorts(),
  drains: drains(),
  metrics: metrics(),
  queueGauges: queueGauges(),
  sweepRecord: sweepRecord(),
});
