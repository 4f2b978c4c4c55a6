import { environment } from '../aws/environment.ts';
import { ports } from '../aws/ports.ts';
import { makeBury } from './queues/bury-records.ts';

const { system, stage } = environment();

export const handler = makeBury({ ...ports(), prefix: `${system}-${stage}` });
