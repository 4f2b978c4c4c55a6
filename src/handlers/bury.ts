import { makeBury } from '../app/orders/bury-records.ts';
import { enginePorts, metrics, systemName } from '../aws/adapters.ts';

export const handler = makeBury({ ...enginePorts(), metrics: metrics(), prefix: systemName() });
