import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeApi, problem } from './fake-api.ts';
import { runBaton } from './run-baton.ts';

const api = new FakeApi();
beforeAll(async () => {
  await api.start();
});
afterEach(() => api.reset());
afterAll(() => api.stop());

const baton = (...args: string[]) => runBaton(['--api', api.url, ...args]);

describe('exit code', () => {
  it('1: what the API refuses is shown with its code, its place and every reason', async () => {
    const errors = [
      { path: 'activities[0].name', line: 3, message: 'activities[0].name: too long' },
      { path: 'on', line: 7, message: 'on: a list is required' },
    ];
    const refusal = problem(422, 'INVALID_REQUEST', 'activities[0].name: too long', {
      ...{ path: 'activities[0].name', line: 3, errors },
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

  it('1: a token that the API does not take', async () => {
    api.reset({ 'GET /plugins': { status: 401, body: { message: 'Unauthorized' } } });
    const { stderr, exitCode } = await baton('plugins');
    expect(stderr).toContain('UNAUTHORIZED: the API wants another token: give one with --token');
    expect(exitCode).toBe(1);
  });

  it('2: the command line is wrong; the API is not asked', async () => {
    const wrong: [string[], string][] = [
      [['ordrs'], '(Did you mean orders?)'],
      [['orders', '--api', 'here'], 'It is no http or https address.'],
      [['submit'], 'a file (or - for stdin), or --input: one of them'],
      [['submit', 'none.csv'], 'there is no file none.csv'],
      [['submit', '--input', 'text'], 'It is no JSON'],
      [['orders', '--limit', '0'], 'It is no whole number'],
    ];
    const outcomes = await Promise.all(wrong.map(([args]) => baton(...args)));
    for (const [index, [, message]] of wrong.entries()) {
      expect(outcomes[index]).toMatchObject({ exitCode: 2, stdout: '' });
      expect(outcomes[index]?.stderr).toContain(message);
    }
    expect(api.received).toEqual([]);
  });

  it('3: nothing answers', async () => {
    const gone = await new FakeApi().start();
    const { url } = gone;
    await gone.stop();
    const { stdout, stderr, exitCode } = await runBaton(['orders', '--api', url, '--json']);
    expect(stderr).toBe(
      `baton: nothing answers at ${url} (ECONNREFUSED); start it with \`npm start\`, or name another address with --api\n`,
    );
    expect(JSON.parse(stdout).error.code).toBe('UNREACHABLE');
    expect(exitCode).toBe(3);
  });

  it('3: something else than Baton answers', async () => {
    api.reset({ 'GET /orders': { body: '<html></html>' } });
    const { stderr, exitCode } = await baton('orders');
    expect(stderr).toBe(
      `baton: what answers at ${api.url} does not speak as Baton does (status 200)\n`,
    );
    expect(exitCode).toBe(3);
  });

  it('4: there is no such order; --json has the whole problem', async () => {
    api.reset({ 'GET /orders/none': problem(404, 'NOT_FOUND', 'there is no order none') });
    const { stdout, stderr, exitCode } = await baton('order', 'none', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ error: { status: 404, code: 'NOT_FOUND' } });
    expect(stderr).toBe('baton: NOT_FOUND: there is no order none\n');
    expect(exitCode).toBe(4);
  });
});
