import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../errors.ts';

/** Within the data folder of a local stack. */
const LOG = 'logs/functions.log';

/** Addresses of this machine. */
const HERE = new Set(['localhost', '127.0.0.1', '[::1]']);

export const isOfThisMachine = (api: string): boolean => HERE.has(new URL(api).hostname);

/**
 * The log of the local stack at this address: of the data folder that is given, or else of the one under `.baton/` whose stack runs
 * there. Where none runs there, the only log that lies under `.baton/`.
 * @throws {UsageError} that says how to name it
 */
export function findLog(api: string, given: string | undefined): string {
  if (given !== undefined) {
    const log = path.join(given, LOG);
    if (existsSync(log)) return log;
    throw new UsageError(`${given} is not the data folder of a local stack: it has no ${LOG}`);
  }
  const running = globSync('.baton/*/running.json').find((file) => portOf(file) === portIn(api));
  if (running !== undefined) return path.join(path.dirname(running), LOG);
  const logs = globSync(`.baton/*/${LOG}`);
  if (logs.length === 1) return logs[0]!;
  throw new UsageError(
    logs.length === 0
      ? 'there is no log under .baton/ here: go to the folder in which Baton was started, or name its data folder with --data'
      : `nothing runs at ${api}, and there are ${logs.length} logs here: choose one with --data (${logs.map((log) => path.dirname(path.dirname(log))).join(', ')})`,
  );
}

function portOf(running: string): string | undefined {
  const { apiUrl } = JSON.parse(readFileSync(running, 'utf8')) as { readonly apiUrl?: string };
  return apiUrl === undefined ? undefined : portIn(apiUrl);
}

const portIn = (url: string): string => new URL(url).port || '80';
