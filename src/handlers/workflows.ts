import { makeWorkflows } from '../app/workflows/workflows-api.ts';
import { registry, workflows } from '../aws/adapters.ts';

export const handler = makeWorkflows({ registry: registry(), workflows: workflows() });
