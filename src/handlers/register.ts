import { setTimeout as pause } from 'node:timers/promises';
import { makeRegister } from '../app/registration/register-plugin.ts';
import { drains, masterSecret, queueGauges, registry, workflows } from '../aws/adapters.ts';

export const handler = makeRegister({
  registry: registry(),
  workflows: workflows(),
  drains: drains(),
  queueGauges: queueGauges(),
  masterSecret: masterSecret(),
  clock: Date.now,
  pause,
});
