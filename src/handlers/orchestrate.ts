import { masterSecret, ports } from '../aws/ports.ts';
import { makeOrchestrate } from './queues/orchestrate-records.ts';

export const handler = makeOrchestrate({ ...ports(), masterSecret: masterSecret() });
