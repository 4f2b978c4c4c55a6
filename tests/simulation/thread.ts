import { parentPort, workerData } from 'node:worker_threads';

/** A function that a module beside this one exports, and what it is called with. */
export interface Call {
  readonly module: string;
  readonly name: string;
  readonly args: readonly unknown[];
}

const { module, name, args } = workerData as Call;
const exported = (await import(module)) as Record<string, (...args: unknown[]) => Promise<unknown>>;
parentPort?.postMessage(await exported[name]?.(...args));
