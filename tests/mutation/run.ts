/**
 * Breaks src/core and src/engine on purpose, and tells which breakages no test notices: `npm run mutation`, or
 * `npm run mutation -- --mutate src/core/retry.ts`. What follows `--` are options of StrykerJS.
 * Ends with 1 if a mutant survives that accepted.ts does not name.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { accepted } from './accepted.ts';
import { BY_HAND } from './by-hand.ts';
import { playByHand } from './play-by-hand.ts';
import type { Report } from './survivors.ts';
import { compared, inWords } from './survivors.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const STRYKER = 'node_modules/@stryker-mutator/core/bin/stryker.js';

process.exitCode = run(process.argv.slice(2));

function run(options: readonly string[]): number {
  const stryker = spawnSync(process.execPath, [STRYKER, 'run', ...options], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  if (stryker.status !== 0) return 1;

  const report = JSON.parse(readFileSync(`${ROOT}.mutation/report.json`, 'utf8')) as Report;
  const { unexpected, outdated } = compared(report, accepted);
  for (const one of outdated) console.log(`on the list, but does not survive: ${inWords(one)}`);
  for (const one of unexpected) console.error(`survives, and is not on the list: ${inWords(one)}`);

  const faults = playByHand(
    BY_HAND.filter(({ file }) => isMeant(file, options)),
    ROOT,
    console.log,
  );
  for (const fault of faults) console.error(fault);
  return unexpected.length + faults.length === 0 ? 0 : 1;
}

/** Whether the options leave the file in: those with `--mutate` speak of some files only. */
function isMeant(file: string, options: readonly string[]): boolean {
  const { values } = parseArgs({
    args: [...options],
    options: { mutate: { type: 'string', short: 'm' } },
    strict: false,
  });
  if (typeof values.mutate !== 'string') return true;
  return values.mutate.split(',').some((pattern) => path.matchesGlob(file, pattern));
}
