import { makeOrchestrate } from '../app/orders/orchestrate-records.ts';
import {
  enginePorts,
  failureWindows,
  masterSecret,
  metrics,
  payloads,
  queueGauges,
  redelivery,
  workers,
} from '../aws/adapters.ts';

export const handler = makeOrchestrate({
  ...enginePorts(),
  metrics: metrics(),
  redelivery: redelivery(),
  masterSecret: masterSecret(),
  payloads: payloads(),
  failureWindows: failureWindows(),
  queueGauges: queueGauges(),
  workers: workers(),
});
