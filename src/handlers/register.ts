import { setTimeout as pause } from 'node:timers/promises';
import { makeRegister } from '../app/registration/answer-stacks.ts';
import {
  boundedPlugins,
  drains,
  inputSchemas,
  lifecycle,
  masterSecret,
  quarantines,
  queueGauges,
  registry,
  workflows,
} from '../aws/adapters.ts';
import { localOrigins } from '../aws/environment.ts';

export const handler = makeRegister({
  registry: registry(),
  boundedPlugins: boundedPlugins(),
  workflows: workflows(),
  drains: drains(),
  inputSchemas: inputSchemas(),
  lifecycle: lifecycle(),
  quarantines: quarantines(),
  queueGauges: queueGauges(),
  masterSecret: masterSecret(),
  clock: Date.now,
  localOrigins: localOrigins(),
  pause,
});
