import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeApi, problem } from './fake-api.ts';
import { BATON, runBaton } from './run-baton.ts';

const api = new FakeApi();
beforeAll(async () => {
  await api.start();
});
afterEach(() => api.reset());
afterAll(() => api.stop());

async function runShell(...args: string[]) {
  const child = spawn('sh', ['-c', ...args]);
  const [stderr, [exitCode]] = await Promise.all([
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  return { stderr, exitCode };
}

const baton = (...args: string[]) => runBaton(['--api', api.url, ...args]);

describe('exit code', () => {
  it('1: the API refuses the request; the code, the line and every reason are shown', async () => {
    const errors = [
      { path: 'activities[0].name', line: 3, message: 'activities[0].name: too long' },
      { path: 'on', line: 7, message: 'on: a list is required' },
    ];
    const refusal = problem(422, 'INVALID_REQUEST', 'activities[0].name: too long', {
      path: 'activities[0].name',
      line: 3,
      errors,
    });
    api.reset({ 'PUT /workflows/w': refusal });
    const args = ['--api', api.url, 'workflows', 'put', '-', '--name', 'w'];
    const { stdout, stderr, exitCode } = await runBaton(args, { stdin: 'name: w' });
    expect(stdout).toBe('');
    expect(stderr).toBe(
      'baton: INVALID_REQUEST: activities[0].name: too long (line 3)\n  on: a list is required (line 7)\n',
    );
    expect(exitCode).toBe(1);
  });

  it('1: the API does not accept the token', async () => {
    api.reset({ 'GET /plugins': { status: 401, body: { message: 'Unauthorized' } } });
    const { stderr, exitCode } = await baton('plugins');
    expect(stderr).toContain(
      'UNAUTHORIZED: the API does not accept the token: give another with --token',
    );
    expect(exitCode).toBe(1);
  });

  // Was: a stack trace. Now: one line.
  const onLinux = process.platform === 'linux' ? it : it.skip;
  onLinux('1: the output cannot be written', async () => {
    api.reset({ 'GET /me': { body: { kind: 'operator' } } });
    const command = `exec "$0" "$1" --api ${api.url} whoami > /dev/full`;
    const { stderr, exitCode } = await runShell(command, process.execPath, BATON);
    expect(stderr).toMatch(/^baton: the output cannot be written: ENOSPC.*\n$/);
    expect(exitCode).toBe(1);
  });

  it('2: the command line is wrong; the API is not asked', async () => {
    const wrong: [string[], string][] = [
      [['ordrs'], '(Did you mean orders?)'],
      [['orders', '--api', 'here'], 'It must be an http or https address.'],
      // Was: `baton order "$ID"` without the variable asked for the list of orders, and ended in a stack trace.
      // Now: it is refused before anything is asked.
      [['order', ''], 'the argument orderId is empty'],
      [['skip', 'o-1', ''], 'the argument task is empty'],
      [['cancel', 'o-1', ''], 'the argument task is empty'],
      [['cancel', 'o-1', 'A', '--no-undo'], '--no-undo goes with a whole order'],
      [['plugins', 'drain', ''], 'the argument name is empty'],
      [['submit'], 'give a file (or - for stdin) or --input: exactly one of them'],
      [['submit', 'none.csv'], 'there is no file none.csv'],
      [['submit', 'src'], 'src is a folder, not a file'],
      [['submit', '--input', '{text'], 'If it is text, put it into quotes'],
      [['orders', '--status', 'faild'], 'Did you mean failed?'],
      [['orders', '--limit', '0'], 'It must be a whole number'],
      [['orders', '--from', '1000d'], 'an age of at most 365 days, such as 2h'],
      ...['0', '0.05', '101', 'x'].map((rate): [string[], string] => [
        ['operations', 'start', 'pause', '--workflow', 'w', '--rate', rate],
        'It must be a number from 0.1 to 100.',
      ]),
    ];
    const outcomes = await Promise.all(wrong.map(([args]) => baton(...args)));
    for (const [index, [, message]] of wrong.entries()) {
      expect(outcomes[index]).toMatchObject({ exitCode: 2, stdout: '' });
      expect(outcomes[index]?.stderr).toContain(message);
    }
    expect(api.received).toEqual([]);
  });

  // Was: `baton cancel ID ..` cancelled the whole order, and what no header can carry was "nothing responds".
  // Now: the value is named, and nothing is sent.
  it.each([
    [['cancel', 'o-1', '..'], '".." in /orders/o-1/tasks/../cancel would lead to another address'],
    [['order', '.'], '"." in /orders/. would lead to another address'],
    [
      ['submit', '--input', '1', '--todo', 'A', '--idempotency-key', 'ключ'],
      '--idempotency-key: "ключ" holds characters that no header can carry',
    ],
    [
      ['submit', fileURLToPath(import.meta.url), '--type', 'text/ü\u20ac'],
      '--type: "text/ü\u20ac" holds characters that no header can carry',
    ],
    [['status', '--token', 'geheim\u20ac'], '--token: holds characters that no header can carry'],
    [
      ['status', '--api', 'http://ada:secret@127.0.0.1:1'],
      '--api: holds a user name or a password; give a token instead',
    ],
  ])('2: %j cannot be asked for', async (args, complaint) => {
    const { stdout, stderr, exitCode } = await baton(...args);
    expect([exitCode, stdout, stderr]).toEqual([2, '', `baton: ${complaint}\n`]);
    expect(api.received).toEqual([]);
  });

  it('3: nothing responds', async () => {
    const gone = await new FakeApi().start();
    const { url } = gone;
    await gone.stop();
    const { stdout, stderr, exitCode } = await runBaton(['orders', '--api', url, '--json']);
    expect(stderr).toBe(
      `baton: nothing responds at ${url} (ECONNREFUSED); start it with \`npm start\`, or name another address with --api\n`,
    );
    expect(JSON.parse(stdout).error.code).toBe('UNREACHABLE');
    expect(exitCode).toBe(3);
  });

  it('3: something other than Baton responds', async () => {
    api.reset({ 'GET /orders': { body: '<html></html>' } });
    const { stderr, exitCode } = await baton('orders');
    expect(stderr).toBe(`baton: ${api.url} is not the API of a Baton system (status 200)\n`);
    expect(exitCode).toBe(3);
  });

  it('4: the order is unknown; --json prints the whole problem', async () => {
    api.reset({ 'GET /orders/none': problem(404, 'NOT_FOUND', 'there is no order none') });
    const { stdout, stderr, exitCode } = await baton('order', 'none', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ error: { status: 404, code: 'NOT_FOUND' } });
    expect(stderr).toBe('baton: NOT_FOUND: there is no order none\n');
    expect(exitCode).toBe(4);
  });
});
