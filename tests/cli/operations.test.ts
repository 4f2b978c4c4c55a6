import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { FakeApi } from './fake-api.ts';
import { runBaton } from './run-baton.ts';

const api = new FakeApi();
beforeAll(() => api.start());
afterAll(() => api.stop());

const baton = (...args: string[]) => runBaton(args, { env: { BATON_API: api.url } });

const operation = {
  ...{ operationId: 'op-1', status: 'done', action: 'retry', filter: { status: 'failed' } },
  ...{ ratePerSecond: 10, actor: 'operator ada', reason: 'mended' },
  ...{ askedAt: '2026-11-21T08:00:00.000Z', endedAt: '2026-11-21T08:01:00.000Z' },
  ...{ matched: 3, done: 2, refused: 1, refusals: { ORDER_NOT_FAILED: 1 } },
};

it('operations start begins one and follows it to its end; what was refused shows in the exit code', async () => {
  let looks = 0;
  api.reset({
    'POST /operations': { status: 202, body: { operationId: 'op-1', matched: 3, sample: [] } },
    'GET /operations/op-1': () => {
      looks += 1;
      return { body: looks < 3 ? { ...operation, status: 'running', done: looks } : operation };
    },
  });
  const filter = ['--status', 'failed', '--plugin', 'A', '--workflow-version', '2'];
  const how = ['--rate', '20', '--reason', 'mended', '--latest'];
  const { stdout, stderr, exitCode } = await baton(
    'operations',
    'start',
    'retry',
    ...filter,
    ...how,
  );
  expect(exitCode).toBe(1);
  expect(stdout).toContain('op-1: retry, done, 3 orders match, 2 done, 1 refused\n');
  expect(stdout).toContain('ORDER_NOT_FAILED 1\n');
  expect(stderr).toContain('op-1 has begun; Ctrl-C leaves it going\n');
  expect(stderr).toMatch(/retry \d\/3/);
  const [posted] = api.received;
  expect(JSON.parse(String(posted?.body))).toEqual({
    ...{ action: 'retry', ratePerSecond: 20, reason: 'mended', version: 'latest' },
    filter: { status: 'failed', plugin: 'A', version: 2 },
  });
  expect(posted?.headers['idempotency-key']).toMatch(/^\w{26}$/);
});

// Was: "cancel 0/2" where nothing matched, and a rate of less than one was refused. Now: it shows what there is.
it('operations start shows no progress where nothing matches, and takes any rate of the API', async () => {
  const none = { ...operation, action: 'cancel', matched: 0, done: 0, refused: 0, refusals: {} };
  api.reset({
    'POST /operations': { status: 202, body: { operationId: 'op-1', matched: 0, sample: [] } },
    'GET /operations/op-1': { body: none },
  });
  const which = ['operations', 'start', 'cancel', '--workflow', 'nope', '--rate', '0.5'];
  const { stderr, exitCode } = await baton(...which);
  expect([exitCode, stderr]).toEqual([0, 'op-1 has begun; Ctrl-C leaves it going\n']);
  expect(JSON.parse(String(api.received[0]?.body))).toMatchObject({ ratePerSecond: 0.5 });
});

it('operations start --dry-run says how many match, and --detach does not wait', async () => {
  const sample = [{ orderId: 'o-1', status: 'failed' }];
  api.reset({
    'POST /operations': ({ body }) =>
      JSON.parse(String(body)).dryRun
        ? { body: { matched: 1000, more: true, sample } }
        : { status: 202, body: { operationId: 'op-1', matched: 3, sample } },
  });
  const which = ['operations', 'start', 'cancel', '--no-undo', '--status', 'failed'];
  const dry = await baton(...which, '--dry-run');
  expect(dry.stdout).toBe('more than 1000 orders match\n  o-1  failed\n  …\n');
  const detached = await baton(...which, '--detach');
  expect(detached.stdout).toBe('op-1 has begun: 3 orders match\n');
  expect(JSON.parse(String(api.received[1]?.body))).toMatchObject({ undo: false });
});

it('operations list, show and stop', async () => {
  api.reset({
    'GET /operations': { body: { operations: [operation] } },
    'GET /operations/op-1': { body: operation },
    'POST /operations/op-1/stop': { body: { ...operation, status: 'stopped' } },
  });
  const listed = (await baton('operations', 'list')).stdout.split('\n');
  expect(listed[0]).toMatch(
    /^operation +action +status +matched +done +refused +by +asked +reason$/,
  );
  expect(listed[1]).toMatch(/^op-1 +retry +done +3 +2 +1 +operator ada .*mended$/);
  expect((await baton('operations', 'show', 'op-1')).stdout).toContain('asked for by operator ada');
  expect((await baton('operations', 'stop', 'op-1')).stdout).toContain('op-1: retry, stopped');
});
