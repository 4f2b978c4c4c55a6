import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeApi, problem } from './fake-api.ts';
import { runBaton } from './run-baton.ts';

const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const api = new FakeApi();
let folder = '';
beforeAll(async () => {
  await api.start();
  folder = await mkdtemp(join(tmpdir(), 'baton-cli-'));
});
afterEach(() => api.reset());
afterAll(async () => {
  await api.stop();
  await rm(folder, { recursive: true });
});

const baton = (...args: string[]) => runBaton(['--api', api.url, ...args]);
const file = async (name: string, content: string | Uint8Array) => {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
};

const receipt = { status: 'accepted', workflow: 'w', version: 1 };
const accepted = (line: number) => ({ line, orderId: `order-${line}`, ...receipt });
const ended = (orderId: string, more: object = { status: 'completed', result: 14 }) => ({
  body: { orderId, workflow: { name: 'w', version: 1 }, ...more },
});

describe('submit FILE', () => {
  it('posts a CSV unchanged, and shows the rejected rows', async () => {
    const rejected = [{ line: 3, code: 'UNKNOWN_PLUGIN', path: 'todo[0]', message: 'no plugin Z' }];
    api.reset({ 'POST /orders': { status: 202, body: { accepted: [accepted(2)], rejected } } });
    const csv = 'input,todo\n1,A\n2,Z\n';
    const { stdout, stderr, exitCode } = await baton('submit', await file('orders.csv', csv));
    expect(stdout).toBe(
      'accepted 1 order, rejected 1 row\n  line 3: UNKNOWN_PLUGIN: no plugin Z\n',
    );
    expect(stderr).toBe('');
    expect(exitCode).toBe(1);
    const [request] = api.received;
    expect(request?.body.toString()).toBe(csv);
    expect(request?.headers['content-type']).toBe('text/csv');
    expect(request?.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('posts a large CSV in pieces; line numbers count lines of the file', async () => {
    api.reset({
      'POST /orders': ({ body }) => {
        const rows = body.toString().trimEnd().split('\n').length - 1;
        const lines = Array.from({ length: rows }, (_, index) => index + 2);
        const rejected = [{ line: 3, code: 'MALFORMED_BODY', message: 'broken' }];
        return {
          status: 202,
          body: { accepted: lines.filter((line) => line !== 3).map(accepted), rejected },
        };
      },
    });
    const csv = `input,todo\n${'1,A\n'.repeat(450)}`;
    const path = await file('large.csv', csv);
    const traced = ['--traceparent', TRACEPARENT];
    const run = await baton(
      'submit',
      path,
      '--idempotency-key',
      'key',
      '--client',
      'X',
      '--json',
      ...traced,
    );
    const outcome = JSON.parse(run.stdout);
    expect(outcome.accepted.length).toBe(447);
    expect(outcome.rejected.map(({ line }: { line: number }) => line)).toEqual([3, 203, 403]);
    expect(outcome.idempotencyKey).toBe('key');
    expect(run.stderr).toBe('');
    expect(api.received.map(({ headers }) => headers['idempotency-key'])).toEqual([
      'key/1',
      'key/2',
      'key/3',
    ]);
    expect(api.received.map(({ headers }) => headers.traceparent)).toEqual(
      Array(3).fill(TRACEPARENT),
    );
    expect(api.received[0]?.path).toBe('/orders?client=X');
    const posted = api.received.map(({ body }) => body.toString().replace('input,todo\n', ''));
    expect(posted.join('')).toBe(csv.replace('input,todo\n', ''));
  });

  it('that stops half way says how to send the rest', async () => {
    let posts = 0;
    api.reset({
      'POST /orders': () => {
        posts += 1;
        return posts === 1
          ? { status: 202, body: { accepted: [accepted(2), accepted(3)], rejected: [] } }
          : problem(500, 'INTERNAL', 'the log has the reason');
      },
    });
    const path = await file('stopped.csv', `input,todo\n${'1,A\n'.repeat(201)}`);
    const { stdout, stderr, exitCode } = await baton('submit', path, '--idempotency-key', 'key');
    expect(stdout).toBe('accepted 2 orders\n');
    expect(stderr).toContain('INTERNAL: the log has the reason');
    expect(stderr).toMatch(/npx baton .* submit \S+ --idempotency-key key\n/);
    expect(exitCode).toBe(1);
  });

  it('posts an image as the input of one order, whose id makes the post repeatable', async () => {
    api.reset({ 'POST /orders': { status: 202, body: { orderId: 'order-1', ...receipt } } });
    const path = await file('picture.png', Uint8Array.from([0x89, 0x50, 0xff, 0]));
    const { stdout, exitCode } = await baton('submit', path, '--client', 'X');
    expect(stdout).toBe('order order-1 is accepted (w v1)\n');
    expect(exitCode).toBe(0);
    const [request] = api.received;
    expect(request?.headers['content-type']).toBe('image/png');
    expect([...(request?.body ?? [])]).toEqual([0x89, 0x50, 0xff, 0]);
    expect(request?.path).toMatch(/^\/orders\?client=X&orderId=[0-9A-Z]{26}$/);
  });

  it('repeats a post when the API is busy for a moment', async () => {
    let posts = 0;
    api.reset({
      'POST /orders': () => {
        posts += 1;
        return posts === 1
          ? { ...problem(503, 'UNAVAILABLE', 'busy'), headers: { 'retry-after': '0' } }
          : { status: 202, body: { accepted: [accepted(1)], rejected: [] } };
      },
    });
    const path = await file('orders.ndjson', '{"input": 1, "todo": ["A"]}\n');
    const { exitCode } = await baton('submit', path);
    expect(exitCode).toBe(0);
    const [first, second] = api.received;
    expect(second?.headers['idempotency-key']).toBe(first?.headers['idempotency-key']);
  });
});

describe('submit --wait', () => {
  it('waits for the orders, and succeeds only if all completed', async () => {
    const error = { task: 'A', plugin: 'A', attempt: 3, code: 'BROKEN', message: 'no way' };
    api.reset({
      'POST /orders': { status: 202, body: { accepted: [accepted(1), accepted(2)], rejected: [] } },
      'GET /orders/order-1': ended('order-1'),
      'GET /orders/order-2': ended('order-2', { status: 'failed', error }),
    });
    const path = await file(
      'orders.json',
      '[{"input": 1, "todo": ["A"]}, {"input": 2, "todo": ["A"]}]',
    );
    const { stdout, stderr, exitCode } = await baton('submit', path, '--wait');
    expect(stdout).toBe(
      'accepted 2 orders\ncompleted 1, failed 1\n  order order-2 failed at A: BROKEN: no way\n',
    );
    expect(stderr).toBe('done 2/2  1 not completed\n');
    expect(exitCode).toBe(1);
  });

  it('shows the result of a single order, posted from the command line', async () => {
    api.reset({
      'POST /orders': { status: 202, body: { orderId: 'order-1', ...receipt } },
      'GET /orders/order-1': ended('order-1'),
    });
    const args = ['submit', '--input', '5', '--todo', 'A;B|C', '--attribute', 'level=3', '--wait'];
    const { stdout, stderr, exitCode } = await baton(...args);
    expect(stdout).toBe('order order-1 completed: 14\n');
    expect(stderr).toBe('order order-1 is accepted\n');
    expect(exitCode).toBe(0);
    expect(JSON.parse(String(api.received[0]?.body))).toEqual({
      input: 5,
      todo: ['A', ['B', 'C']],
      attributes: { level: 3 },
    });
  });

  it('that takes too long still shows the accepted orders', async () => {
    api.reset({
      'POST /orders': { status: 202, body: { accepted: [accepted(1)], rejected: [] } },
      'GET /orders/order-1': ended('order-1', { status: 'running' }),
    });
    const path = await file('slow.ndjson', '{"input": 1, "todo": ["A"]}\n');
    const { stdout, exitCode } = await baton('submit', path, '--wait', '--timeout', '1', '--json');
    const outcome = JSON.parse(stdout);
    expect(outcome).toMatchObject({ accepted: [{ orderId: 'order-1' }], ended: [] });
    expect(outcome.error.code).toBe('WAITED_TOO_LONG');
    expect(exitCode).toBe(5);
  });
});

it('submit recognises the media type of a pipe', async () => {
  api.reset({ 'POST /orders': { status: 202, body: { accepted: [accepted(2)], rejected: [] } } });
  const { exitCode } = await runBaton(['submit', '-'], {
    stdin: 'input,todo\n1,A\n',
    env: { BATON_API: api.url, BATON_TOKEN: 'secret' },
  });
  expect(exitCode).toBe(0);
  expect(api.received[0]?.headers).toMatchObject({
    'content-type': 'text/csv',
    authorization: 'Bearer secret',
  });
});
