import { setTimeout as pause } from 'node:timers/promises';
import { makeAnswer } from '../app/orders/answer-directly.ts';
import { journal, logLinks, registry, workflows } from '../aws/adapters.ts';

export const handler = makeAnswer({
  journal: journal(),
  workflows: workflows(),
  registry: registry(),
  logLinks: logLinks(),
  clock: Date.now,
  pause,
});
