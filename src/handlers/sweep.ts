import { makeSweep } from '../app/orders/sweep-orders.ts';
import { drains, enginePorts, queueGauges } from '../aws/adapters.ts';

export const handler = makeSweep({
  ...enginePorts(),
  drains: drains(),
  queueGauges: queueGauges(),
});
