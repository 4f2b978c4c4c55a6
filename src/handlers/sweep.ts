import { ports } from '../aws/ports.ts';
import { makeSweep } from './queues/sweep-orders.ts';

export const handler = makeSweep(ports());
