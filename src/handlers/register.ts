import { masterSecret, registry } from '../aws/ports.ts';
import { makeRegister } from './registration/register-plugin.ts';

export const handler = makeRegister({
  registry: registry(),
  masterSecret: masterSecret(),
  clock: Date.now,
});
