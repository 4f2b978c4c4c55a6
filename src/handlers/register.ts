import { setTimeout as pause } from 'node:timers/promises';
import { drains, masterSecret, queueGauges, registry, workflows } from '../aws/ports.ts';
import { makeRegister } from './registration/register-plugin.ts';

export const handler = makeRegister({
  registry: registry(),
  workflows: workflows(),
  drains: drains(),
  queueGauges: queueGauges(),
  masterSecret: masterSecret(),
  clock: Date.now,
  pause,
});
