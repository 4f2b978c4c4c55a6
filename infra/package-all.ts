/**
 * Packages the core and every service under plugins/, one after another: `npm run package -- --stage dev`.
 * Ends at the first service that fails, or whose package is too large, and says why.
 */
import { execFile } from 'node:child_process';
import { glob, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { zippedSizes } from './zipped-sizes.ts';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const SERVERLESS = path.join(PROJECT, 'node_modules/serverless/bin/serverless.js');

/** Lambda takes packages of up to 50 MB; half of that leaves room, and sharp needs 9. */
const MAX_PACKAGE_MB = 25;

/**
 * Orders wait for cold starts, so bundles must stay small. These limits are what has been reached and some 5 % more: lower them when
 * the bundles shrink, and raise one only with the reason beside it. `core` is for those functions of the core that have none of their own.
 */
const MAX_BUNDLE_KB: Readonly<Record<string, number>> = {
  core: 220,
  // 38 KB are the program that evaluates expressions, 45 the core, 32 zod/mini; 14 came with quarantines, 10 with lists, callbacks and
  // counts, 18 with child orders, awaited events, rounds and ordered plugins; 26 with long lists, choices among activities, enough,
  // sessions and clients' turns.
  'core/orchestrate.zip': 303,
  // 2 KB came with the sealing of entries that messages carry.
  'core/ingest.zip': 282,
  // 8 KB came with counts and history, 1 with a journal that seals its entries.
  'core/observe.zip': 137,
  // It had come to the 220 of the others when half a KB came with keys that are remembered.
  'core/status.zip': 225,
  // These decide on orders, too: 4 KB of the core came with lists, 12 with child orders, awaited events and rounds, 19 with long lists,
  // choices among activities, enough, sessions and turns.
  'core/bury.zip': 281,
  'core/operate.zip': 366,
  // 14 KB came with quarantines, 6 with plans and versions of workflows, 12 with callbacks, 25 with what bury got
  // and what shows it.
  'core/orders.zip': 405,
  // 11 KB came with quarantines, which it looks after; 60 with schedules: 33 of croner, and what places orders;
  // 27 with what bury got, and with the search for turns that were left.
  'core/sweep.zip': 410,
  'core/schedules.zip': 240,
  // It looks at expressions in definitions: jsonata, yaml and zod are 300 KB; 14 came with choices among activities and
  // the plans of what bury got.
  'core/workflows.zip': 426,
  // Beside what a plugin gets from Baton, one sample brings zod, and imaging the client for S3.
  'plugins/imaging': 560,
  'plugins/security': 150,
};
/** 3 KB of it read and write what is too large for messages, 2 perform the tasks of ordered plugins. */
const MAX_PLUGIN_BUNDLE_KB = 61;

const OPTIONS = process.argv.slice(2);
if (!OPTIONS.includes('--stage')) OPTIONS.push('--stage', 'dev');

try {
  await packageService('.');
  for await (const file of glob('plugins/*/serverless.yml', { cwd: PROJECT })) {
    await packageService(path.dirname(file));
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

async function packageService(folder: string): Promise<void> {
  const name = folder === '.' ? 'core' : folder;
  const started = performance.now();
  await promisify(execFile)(process.execPath, [SERVERLESS, 'package', ...OPTIONS], {
    cwd: path.join(PROJECT, folder),
  }).catch((error: { stdout: string; stderr: string }) => {
    throw new Error(`${name} could not be packaged:\n${error.stdout}${error.stderr}`);
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${name}: packaged in ${seconds} s`);
  const target = path.join(PROJECT, folder, '.serverless');
  const tooLarge: string[] = [];
  for await (const zip of glob('*.zip', { cwd: target })) {
    const reason = await checkSize(name, path.join(target, zip));
    if (reason !== undefined) tooLarge.push(reason);
  }
  if (tooLarge.length > 0) throw new Error(tooLarge.join('\n'));
}

/** Prints the size of a package. @returns the reason if the package, or the bundle in it, is too large */
async function checkSize(service: string, zip: string): Promise<string | undefined> {
  const megabytes = (await stat(zip)).size / 2 ** 20;
  const bundles = [...(await zippedSizes(zip))].filter(
    ([name]) => name.endsWith('.mjs') && !name.includes('node_modules/'),
  );
  const kilobytes = bundles.reduce((sum, [, size]) => sum + size, 0) / 1024;
  const name = `${service}/${path.basename(zip)}`;
  console.log(`  ${name}: ${megabytes.toFixed(2)} MB, bundle ${kilobytes.toFixed(0)} KB`);
  if (megabytes > MAX_PACKAGE_MB) {
    return `${name}: the package is over ${MAX_PACKAGE_MB} MB`;
  }
  const maxBundleKb = MAX_BUNDLE_KB[name] ?? MAX_BUNDLE_KB[service] ?? MAX_PLUGIN_BUNDLE_KB;
  if (kilobytes > maxBundleKb) return `${name}: the bundle is over ${maxBundleKb} KB`;
  return undefined;
}
