// `npm run fuzz`: a Baton of its own that asks for tokens, and requests made from its OpenAPI document, with and without tokens.
// `npm run fuzz -- --seed N` sends the same requests again.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import type { OpenapiDocument } from '../app/http/document.ts';
import { startProcess, workspace } from '../local/running-stack.ts';
import { type FuzzCounts, fuzz } from './fuzz.ts';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

const LAST_LINES = 15;
/** Only a plugin that was sent a task has its token; and nothing here is a dead letter. */
const OUT_OF_REACH: readonly string[] = [
  'GET /tasks/{token}',
  'POST /tasks/{token}/complete',
  'POST /tasks/{token}/fail',
  'POST /tasks/{token}/heartbeat',
  'GET /dead-letters/{id}',
  'DELETE /dead-letters/{id}',
  'POST /dead-letters/{id}/redrive',
];
/** Orders that have failed, and fail again however often they are retried. */
const FAILED = ['f-1', 'f-2', 'f-3'];
/** Orders that wait for an hour: whoever cancels one leaves others to be paused. */
const HELD = ['o-1', 'h-2', 'h-3', 'h-4'];
/** More than one: whoever deletes a schedule leaves others to be paused. */
const SCHEDULES = ['s-1', 's-2', 's-3', 's-4'];
/** On a slow machine there are fewer than a thousand requests for all calls: of so many, one may never succeed. */
const ONE_MAY_FAIL_OF = 9;

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
  await stack.ready();
  const url = stack.running().apiUrl;
  const [operator = ''] = /baton_o_[\w-]{43}/.exec(stack.output()) ?? [];
  const call = callWith(url, operator);
  const document = await call<OpenapiDocument>('GET', '/openapi.json');
  const { client, prefix, operationId } = await furnish(call);
  const known: [string, string][] = [
    ['operator', operator],
    ['client', client],
  ];
  const counts = await fuzz({
    ...{ url, document, seed, seconds },
    tokens: [
      ...[...known, ...known, ...known],
      ...[...known.slice(0, 1), ...known.slice(0, 1), ...known.slice(0, 1)],
      ['unknown', `baton_o_${'x'.repeat(43)}`],
      ['none', undefined],
    ],
    found: {
      ...{ orderId: [...HELD, 'o-2', ...FAILED], name: ['made'], version: ['1'] },
      ...{ 'plugins/name': ['A', 'B'], 'schedules/name': SCHEDULES },
      operationId: [operationId],
      ...{ clientId: ['X', 'Y', 'Z'], prefix: [prefix] },
    },
  });
  report(counts, document);
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

function callWith(url: string, token: string) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return async <Body>(method: string, path: string, body?: object): Promise<Body> => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${url}${path}`, { method, headers, ...sent });
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
    return (await response.json()) as Body;
  };
}

/** Something for every call to find. @returns a client's token, and the prefix of another one's */
async function furnish(call: ReturnType<typeof callWith>) {
  for (const [name, step] of Object.entries({ made: 'A', held: { wait: '1h' } }))
    await call('PUT', `/workflows/${name}`, { name, activities: [{ name: 'make', pre: [step] }] });
  for (const client of ['X', 'Y']) await call('PUT', `/clients/${client}`, { todo: ['A'] });
  for (const orderId of HELD) {
    await call('POST', '/orders', { orderId, input: 5, workflow: 'held' });
  }
  await call('POST', '/plugins/B/quarantine', { reason: 'held back' });
  await call('POST', '/orders', { orderId: 'o-2', input: 5, client: 'X' });
  for (const orderId of FAILED) {
    await call('POST', '/orders', { orderId, input: 'no number', todo: ['A'] });
  }
  for (const name of SCHEDULES) {
    await call('PUT', `/schedules/${name}`, { every: '1d', todo: ['A'], input: 5 });
  }
  const operation = { action: 'pause', filter: { workflow: 'made' } };
  const { operationId } = await call<{ operationId: string }>('POST', '/operations', operation);
  const { token: client } = await call<{ token: string }>('POST', '/clients/X/tokens');
  const { prefix } = await call<{ prefix: string }>('POST', '/clients/Y/tokens');
  return { client, prefix, operationId };
}

/** @throws when many calls never got as far as to do what they are for: then little was tried */
function report({ answers, succeeded }: FuzzCounts, { paths }: OpenapiDocument): void {
  for (const [answer, count] of [...answers].sort()) console.log(`${answer}: ${count}`);
  const calls = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const never = calls.filter((call) => !succeeded.has(call) && !OUT_OF_REACH.includes(call));
  console.log(`never answered with success: ${never.join(', ') || 'none'}`);
  if (never.length > Math.ceil(calls.length / ONE_MAY_FAIL_OF))
    throw new Error('too few requests came far');
}
