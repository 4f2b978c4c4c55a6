import { environment } from '../aws/environment.ts';
import { metrics, ports } from '../aws/ports.ts';
import { makeBury } from './queues/bury-records.ts';

const { system, stage } = environment();

export const handler = makeBury({ ...ports(), metrics: metrics(), prefix: `${system}-${stage}` });
