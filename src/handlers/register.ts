import { masterSecret, registry, workflows } from '../aws/ports.ts';
import { makeRegister } from './registration/register-plugin.ts';

export const handler = makeRegister({
  registry: registry(),
  workflows: workflows(),
  masterSecret: masterSecret(),
  clock: Date.now,
});
