import { makeBury } from '../app/orders/bury-records.ts';
import { enginePorts, metrics, redelivery, systemName } from '../aws/adapters.ts';

export const handler = makeBury({
  ...enginePorts(),
  metrics: metrics(),
  redelivery: redelivery(),
  prefix: systemName(),
});
