import { masterSecret, metrics, ports } from '../aws/ports.ts';
import { makeOrchestrate } from './queues/orchestrate-records.ts';

export const handler = makeOrchestrate({
  ...ports(),
  metrics: metrics(),
  masterSecret: masterSecret(),
});
