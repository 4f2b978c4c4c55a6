import { makeOrchestrate } from '../app/orders/orchestrate-records.ts';
import { enginePorts, masterSecret, metrics } from '../aws/adapters.ts';

export const handler = makeOrchestrate({
  ...enginePorts(),
  metrics: metrics(),
  masterSecret: masterSecret(),
});
