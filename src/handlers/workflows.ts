import { ports } from '../aws/ports.ts';
import { makeWorkflows } from './api/workflows-api.ts';

export const handler = makeWorkflows(ports());
