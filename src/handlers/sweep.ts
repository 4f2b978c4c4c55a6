import { drains, ports, queueGauges } from '../aws/ports.ts';
import { makeSweep } from './queues/sweep-orders.ts';

export const handler = makeSweep({ ...ports(), drains: drains(), queueGauges: queueGauges() });
