import { makeOrchestrate } from '../app/orders/orchestrate-records.ts';
import { enginePorts, masterSecret, metrics, payloads, redelivery } from '../aws/adapters.ts';

export const handler = makeOrchestrate({
  ...enginePorts(),
  metrics: metrics(),
  redelivery: redelivery(),
  masterSecret: masterSecret(),
  payloads: payloads(),
});
