// `npm run fuzz`: a Baton of its own that asks for tokens, and requests made from its OpenAPI document, with and without tokens.
// `npm run fuzz -- --seed N` sends the same requests again.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { startProcess, workspace } from '../local/running-stack.ts';
import { until } from '../local/until.ts';
import { fuzz } from './fuzz.ts';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

/** On a machine that does other things as well. */
const STARTS_WITHIN_MS = 120_000;
const LAST_LINES = 15;

const { seed, seconds } = new Command('npm run fuzz --')
  .description(
    'Sends random requests to Baton, and ends with 1 at the first answer that is not as documented.',
  )
  .option('--seed <number>', 'of an earlier run', Number, Date.now() % 2 ** 31)
  .option('--seconds <number>', 'how long', Number, 60)
  .parse()
  .opts<{ seed: number; seconds: number }>();

const place = workspace();
const nothing = join(place.folder, 'nothing');
mkdirSync(nothing);
const arithmetic = join(REPOSITORY, 'plugins/arithmetic');
const stack = startProcess(place, [
  ...['--auth', '--core', REPOSITORY, '--plugins', nothing, '--with', arithmetic],
  ...['--idle-seconds', '60'],
]);
try {
  console.log(`seed ${seed}, ${seconds} s`);
  await until('the stack is ready', () => /is ready/.test(stack.output()), STARTS_WITHIN_MS);
  const url = stack.running().apiUrl;
  const [operator = ''] = /baton_o_[\w-]{43}/.exec(stack.output()) ?? [];
  const client = await clientToken(url, operator);
  const tokens = { operator, client, unknown: `baton_o_${'x'.repeat(43)}`, none: undefined };
  const counts = await fuzz({ url, seed, seconds, tokens });
  for (const [answer, count] of [...counts].sort()) console.log(`${answer}: ${count}`);
} catch (error) {
  console.error((error as Error).message);
  console.error(
    `What the stack said last:\n${stack.output().split('\n').slice(-LAST_LINES).join('\n')}`,
  );
  process.exitCode = 1;
} finally {
  await stack.signal('SIGKILL');
  place.remove();
}

/** The token of a client whose contract runs a plugin that is there. */
async function clientToken(url: string, operator: string): Promise<string> {
  const headers = { authorization: `Bearer ${operator}`, 'content-type': 'application/json' };
  await fetch(`${url}/clients/X`, { method: 'PUT', headers, body: '{"todo": ["A"]}' });
  const response = await fetch(`${url}/clients/X/tokens`, { method: 'POST', headers });
  return ((await response.json()) as { token: string }).token;
}
