import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { FakeApi } from './fake-api.ts';
import { runBaton } from './run-baton.ts';

const api = new FakeApi();
beforeAll(async () => {
  await api.start();
});
afterEach(() => api.reset());
afterAll(() => api.stop());

const baton = (...args: string[]) => runBaton(['--api', api.url, ...args]);

it('whoami says whose token it is, and what it may do', async () => {
  api.reset({ 'GET /me': { body: { kind: 'operator', name: 'ada' } } });
  expect((await baton('whoami')).stdout).toBe(
    `operator ada at ${api.url}, who may do everything\n`,
  );
  const calls = ['POST /orders', 'GET /orders'];
  api.reset({ 'GET /me': { body: { kind: 'client', client: 'X', mayRetry: true, calls } } });
  expect((await baton('whoami')).stdout).toBe(
    `client X at ${api.url}, and may retry its own orders\n  POST /orders\n  GET /orders\n`,
  );
});

it('workflows versions lists when and by whom each was stored, and how many orders have it', async () => {
  const versions = [
    { version: 2, storedAt: '2026-11-21T12:00:00.000Z', storedBy: 'operator ada', active: 3 },
    { version: 1, active: 0 },
  ];
  api.reset({ 'GET /workflows/photo/versions': { body: { versions } } });
  const { stdout } = await baton('workflows', 'versions', 'photo');
  const [titles, ...rows] = stdout.trimEnd().split('\n');
  expect(titles).toMatch(/^version +stored +by +active orders$/);
  expect(rows[0]).toMatch(/^ +2 .*operator ada +3$/);
  expect(rows[1]).toMatch(/^ +1 +- +- +0$/);
});

it('workflows versions says that it estimates where a sample has told how many orders have each', async () => {
  const body = {
    versions: [
      { version: 2, active: 300 },
      { version: 1, active: 0 },
    ],
    approximate: true,
  };
  api.reset({ 'GET /workflows/photo/versions': { body } });
  const [, ...rows] = (await baton('workflows', 'versions', 'photo')).stdout.trimEnd().split('\n');
  expect(rows[0]).toMatch(/about 300$/);
  expect(rows[1]).toMatch(/too few to see in a sample$/);
  const { stdout } = await baton('workflows', 'versions', 'photo', '--json');
  expect(JSON.parse(stdout)).toEqual(body);
});

const plan = {
  ...{ name: 'photo', version: 3 },
  tasks: [{ job: 'resize', plugin: 'resize', activity: 'make', stage: 'parallel', input: 5 }],
  leftOut: [
    {
      ...{ plugin: 'print', activity: 'make', stage: 'parallel' },
      ...{ status: 'notInvited', reason: 'its filter does not match' },
    },
  ],
  unregistered: ['ship'],
};

it('workflows plan shows who would take part, and who would not and why', async () => {
  api.reset({ 'POST /workflows/photo/plan': { body: plan } });
  const asked = ['--attribute', 'kind=photo', '--input', '5', '--version', '3'];
  const { stdout, exitCode } = await baton('workflows', 'plan', 'photo', ...asked);
  expect(exitCode).toBe(0);
  expect(stdout).toBe(
    [
      ...['photo v3', '', 'task    plugin  stage          input'],
      'resize  resize  make.parallel  5',
      'make.parallel: print is not invited: its filter does not match',
      ...['not registered: ship', ''],
    ].join('\n'),
  );
  expect(JSON.parse(String(api.received[0]?.body))).toEqual({
    ...{ attributes: { kind: 'photo' }, input: 5, version: 3 },
  });
});

it('workflows plan of an order that would fail says why, and exits with 1', async () => {
  const error = {
    ...{ code: 'EXPRESSION_FAILED', message: 'no such field', task: 'resize' },
    ...{ plugin: 'resize', attempt: 1 },
  };
  api.reset({ 'POST /workflows/photo/plan': { body: { ...plan, tasks: [], error } } });
  const { stdout, exitCode } = await baton('workflows', 'plan', 'photo');
  expect(exitCode).toBe(1);
  expect(stdout).toContain('nobody would take part\n');
  expect(stdout).toContain('it would fail at resize: EXPRESSION_FAILED: no such field\n');
});

const order = (status: string) => ({
  ...{ orderId: 'o-1', status, workflow: { name: 'w', version: 1 }, input: 5, attributes: {} },
  ...{ acceptedAt: '2026-11-21T12:00:00.000Z', jobs: {}, tasks: [], timeline: [] },
});

it.each([
  ['completed', 0],
  ['failed', 1],
])('order --wait shows the order when it has ended: %s, exit code %i', async (end, code) => {
  let looks = 0;
  api.reset({
    'GET /orders/o-1': () => {
      looks += 1;
      return { body: order(looks < 3 ? 'running' : end) };
    },
  });
  const { stdout, exitCode } = await baton('order', 'o-1', '--wait');
  expect(exitCode).toBe(code);
  expect(stdout).toContain(`o-1  ${end}\n`);
});

it('order --wait that takes too long shows where the order stands', async () => {
  api.reset({ 'GET /orders/o-1': { body: order('running') } });
  const { stdout, stderr, exitCode } = await baton('order', 'o-1', '--wait', '--timeout', '1');
  expect(exitCode).toBe(5);
  expect(stdout).toContain('o-1  running\n');
  expect(stderr).toContain('1 of 1 orders have not ended; they go on');
});

it('logs of a deployed Baton are commands: of the plugins that took part in the order', async () => {
  api.reset({
    'GET /orders/o-1': { body: { ...order('failed'), tasks: [{ plugin: 'resize' }] } },
    'GET /plugins': {
      body: {
        plugins: [
          { name: 'resize', functionName: 'baton-dev-resize' },
          { name: 'print', functionName: 'baton-dev-print' },
        ],
      },
    },
  });
  const { showCommands } = await import('../../src/cli/commands/logs.ts');
  const { connect } = await import('../../src/cli/api.ts');
  const shown: unknown[] = [];
  const terminal = {
    result: (value: unknown) => void shown.push(value),
    note: () => undefined,
  };
  await showCommands({ api: connect({ url: api.url }), terminal } as never, {}, 'o-1');
  expect(shown).toEqual([
    { commands: [expect.stringMatching(/^aws logs tail \/aws\/lambda\/baton-dev-resize .*o-1/)] },
  ]);
});
