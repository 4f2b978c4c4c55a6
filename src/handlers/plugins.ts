import { registry } from '../aws/ports.ts';
import { makePlugins } from './api/plugins-api.ts';

export const handler = makePlugins({ registry: registry() });
