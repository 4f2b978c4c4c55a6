import { registry, workflows } from '../aws/ports.ts';
import { makeWorkflows } from './api/workflows-api.ts';

export const handler = makeWorkflows({ registry: registry(), workflows: workflows() });
