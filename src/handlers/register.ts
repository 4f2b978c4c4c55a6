import { masterSecret, ports } from '../aws/ports.ts';
import { makeRegister } from './registration/register-plugin.ts';

export const handler = makeRegister({ ...ports(), masterSecret: masterSecret() });
