import type * as Killed from './killed-at-each-call.ts';
import { inOwnProcess } from './own-process.ts';
import type * as Played from './play-worlds.ts';

// Jest gives modules a context of their own, in which a simulation takes twice the processor time: so these run elsewhere.
// In processes, not in threads: what ends one of them (Node 24.21.0 has ended a worker of Jest that ran threads with SIGSEGV;
// https://github.com/nodejs/node/issues/56312 tells of the like) fails one test, by name.

export const killedAtEachCall: typeof Killed.killedAtEachCall = (...args) =>
  inOwnProcess({ module: './killed-at-each-call.ts', name: 'killedAtEachCall', args });

export const playWorlds: typeof Played.playWorlds = (...args) =>
  inOwnProcess({ module: './play-worlds.ts', name: 'playWorlds', args });
