import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type * as Killed from './killed-at-each-call.ts';
import type * as Played from './play-worlds.ts';
import type { Call } from './thread.ts';

// Jest gives modules a context of their own, in which a simulation takes twice the processor time: so these run in threads.

export const killedAtEachCall: typeof Killed.killedAtEachCall = (...args) =>
  inThread({ module: './killed-at-each-call.ts', name: 'killedAtEachCall', args });

export const playWorlds: typeof Played.playWorlds = (...args) =>
  inThread({ module: './play-worlds.ts', name: 'playWorlds', args });

async function inThread<Result>(call: Call): Promise<Result> {
  const thread = new Worker(new URL('./thread.ts', import.meta.url), { workerData: call });
  try {
    const [result] = await once(thread, 'message');
    return result;
  } finally {
    await thread.terminate();
  }
}
