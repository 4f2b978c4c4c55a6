import { makePlugins } from '../app/registration/plugins-api.ts';
import { registry } from '../aws/adapters.ts';

export const handler = makePlugins({ registry: registry() });
