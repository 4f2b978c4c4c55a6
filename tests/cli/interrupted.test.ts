import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { BREAK, FakeApi, NEVER, type Received, type Reply } from './fake-api.ts';

const BATON = fileURLToPath(new URL('../../src/cli/baton.js', import.meta.url));

const api = new FakeApi();
let folder: string;
let orders: string;
beforeAll(async () => {
  await api.start();
  folder = await mkdtemp(path.join(tmpdir(), 'baton-interrupted-'));
  orders = path.join(folder, 'the orders.ndjson');
  const rows = Array.from({ length: 600 }, (_, input) => JSON.stringify({ input, todo: ['A'] }));
  await writeFile(orders, rows.join('\n'));
});
beforeEach(() => api.reset());
afterAll(async () => {
  await api.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Runs `baton`; the routes get the process, to send it a signal. */
async function run(
  args: readonly string[],
  routes: (child: ChildProcess) => Parameters<FakeApi['reset']>[0],
) {
  const { NODE_OPTIONS: _, FORCE_COLOR: __, BATON_TOKEN: ___, ...env } = process.env;
  const child = spawn(process.execPath, [BATON, '--api', api.url, ...args], { env });
  api.reset(routes(child));
  child.stdin.end();
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  return { stdout, stderr, exitCode };
}

const keys = () => api.received.map(({ headers }) => String(headers['idempotency-key']));

function accepted({ body }: Received): Reply {
  const lines = String(body).trim().split('\n');
  const receipt = { status: 'accepted', workflow: 'w', version: 1 };
  return {
    status: 202,
    body: {
      accepted: lines.map((_, index) => ({ ...receipt, orderId: `o-${index}`, line: index + 1 })),
      rejected: [],
    },
  };
}

// Was: Ctrl-C during `submit FILE` said nothing, and to send the file again made 401 orders twice.
// Now: it says what was sent, and prints the command that goes on under the same key.
it.each(['SIGINT', 'SIGTERM'] as const)(
  '%s during submit says what was sent and how to go on',
  async (signal) => {
    const run1 = await run(['submit', orders, '--token', 'secret'], (child) => ({
      'POST /orders': (request) => {
        if (api.received.length === 1) return accepted(request);
        child.kill(signal);
        return NEVER;
      },
    }));
    expect(run1.exitCode).toBe(130);
    expect(run1.stdout).toBe('accepted 200 orders\n');
    expect(run1.stderr).toContain('baton: interrupted\n');
    expect(run1.stderr).not.toContain('secret');
    const [first, second] = keys();
    const [, again = ''] = /^ {2}BATON_TOKEN=… npx baton (.*)$/m.exec(run1.stderr) ?? [];
    expect(again).toBe(
      `--api ${api.url} submit '${orders}' --idempotency-key ${first?.replace(/\/1$/, '')}`,
    );

    const key = again.split(' ').at(-1) ?? '';
    await run(['submit', orders, '--idempotency-key', key], () => ({ 'POST /orders': accepted }));
    expect(keys().slice(0, 2)).toEqual([first, second]);
  },
  240_000,
);

// Was: when the connection broke before the first response, the key was not told, and to send the file again made its orders twice.
// Now: whatever may have been placed is told with the command that goes on, as after Ctrl-C; what surely was not, is not.
it.each<[string, () => Reply]>([
  ['the connection breaks', () => BREAK],
  ['Baton failed', () => ({ status: 500, body: { status: 500, code: 'INTERNAL', detail: 'x' } })],
  ['a gateway gave up', () => ({ status: 504, body: { message: 'Endpoint request timed out' } })],
])('a submit during which %s says how to go on', async (_name, reply) => {
  const { stderr } = await run(['submit', orders], () => ({ 'POST /orders': reply }));
  expect(stderr).toContain(`--idempotency-key ${keys()[0]?.replace(/\/1$/, '')}\n`);
  const one = await run(['submit', '--input', '5', '--todo', 'A'], () => ({
    'POST /orders': reply,
  }));
  const id = new URLSearchParams(api.received[0]?.path.split('?')[1]).get('orderId');
  expect(one.stderr).toContain(
    `It is not known whether the order was placed: npx baton order ${id}\n`,
  );
});

it('a submit that is refused does not say how to go on', async () => {
  const refused = { status: 422, body: { status: 422, code: 'UNKNOWN_PLUGIN', detail: 'no A' } };
  const { stderr } = await run(['submit', orders], () => ({ 'POST /orders': refused }));
  expect(stderr).toBe('baton: UNKNOWN_PLUGIN: no A\n');
});

it('with --json, an interrupted submit still prints one document, with the key', async () => {
  const { stdout, exitCode } = await run(['--json', 'submit', orders], (child) => ({
    'POST /orders': () => {
      child.kill('SIGINT');
      return NEVER;
    },
  }));
  expect(JSON.parse(stdout)).toMatchObject({
    idempotencyKey: keys()[0]?.replace(/\/1$/, ''),
    error: { code: 'INTERRUPTED' },
  });
  expect(exitCode).toBe(130);
});

it('submit --wait shows the order first; interrupted, it says how to look at it', async () => {
  const receipt = { orderId: 'o-1', status: 'accepted', workflow: 'w', version: 1 };
  let looks = 0;
  const { stderr, exitCode } = await run(
    ['submit', '--input', '5', '--todo', 'A', '--wait'],
    (child) => ({
      'POST /orders': { status: 202, body: receipt },
      'GET /orders/o-1': () => {
        looks += 1;
        if (looks === 2) child.kill('SIGINT');
        return { body: { orderId: 'o-1', status: 'running' } };
      },
    }),
  );
  expect(stderr).toBe(
    'order o-1 is accepted\nbaton: interrupted\nThe order goes on: npx baton order o-1\n',
  );
  expect(exitCode).toBe(130);
});
