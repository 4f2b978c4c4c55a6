import { ports, queueGauges } from '../aws/ports.ts';
import { makeStatus } from './api/status-api.ts';

export const handler = makeStatus({ ...ports(), queueGauges: queueGauges() });
