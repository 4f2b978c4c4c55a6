import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { visible } from '../../src/cli/visible-text.ts';
import { FakeApi } from './fake-api.ts';
import { runBaton } from './run-baton.ts';

const api = new FakeApi();
beforeAll(async () => {
  await api.start();
});
afterEach(() => api.reset());
afterAll(() => api.stop());

const baton = (...args: string[]) => runBaton(['--api', api.url, ...args]);

const workflow = { name: 'photo', version: 3 };
const order = {
  orderId: 'order-1',
  status: 'failed',
  client: 'X',
  workflow,
  input: 5,
  attributes: { priority: 'high' },
  acceptedAt: '2026-11-21T12:00:00.000Z',
  endedAt: '2026-11-21T12:00:01.500Z',
  error: { task: 'B', plugin: 'B', attempt: 2, code: 'BROKEN', message: 'no way' },
  jobs: { A: { input: 5, result: 7 } },
  tasks: [
    {
      ...{
        taskId: 't1',
        job: 'A',
        plugin: 'A',
        activity: 'make',
        stage: 'pre',
        status: 'completed',
        attempts: [
          {
            attempt: 1,
            dispatchedAt: '2026-11-21T12:00:00.010Z',
            startedAt: '2026-11-21T12:00:00.015Z',
            endedAt: '2026-11-21T12:00:00.028Z',
          },
        ],
        input: 5,
        result: 7,
      },
      dispatchedAt: '2026-11-21T12:00:00.010Z',
      endedAt: '2026-11-21T12:00:00.030Z',
    },
    {
      taskId: 't2',
      job: 'B',
      plugin: 'B',
      activity: 'make',
      stage: 'post',
      status: 'failed',
      attempts: [
        { attempt: 1, dispatchedAt: '2026-11-21T12:00:00.030Z' },
        { attempt: 2, dispatchedAt: '2026-11-21T12:00:01.000Z' },
      ],
      input: 7,
      dispatchedAt: '2026-11-21T12:00:00.030Z',
      endedAt: '2026-11-21T12:00:01.500Z',
      error: { code: 'BROKEN', message: 'no way' },
    },
  ],
  timeline: [
    { at: '2026-11-21T12:00:00.000Z', entry: 0, event: 'OrderPlaced' },
    { at: '2026-11-21T12:00:00.030Z', entry: 2, event: 'TaskCompleted', task: 'A', attempt: 1 },
    {
      at: '2026-11-21T12:00:01.500Z',
      entry: 3,
      event: 'TaskFailed',
      task: 'B',
      attempt: 2,
      error: { code: 'BROKEN', message: 'no way' },
    },
  ],
};

it('order shows the status, the tasks, and what happened when', async () => {
  api.reset({ 'GET /orders/order-1': { body: order } });
  const { stdout, exitCode } = await baton('order', 'order-1');
  expect(stdout.replace(/accepted {3}\S+ \S+,/, 'accepted   NOON,')).toBe(
    [
      'order-1  failed',
      'workflow   photo v3',
      'client     X',
      'attributes {"priority":"high"}',
      'accepted   NOON, took 1.5 s',
      'input      5',
      'error      BROKEN at B, attempt 2: no way',
      '',
      'task  stage      status     attempts  queued   took  result',
      'A     make.pre   completed         1    5 ms  20 ms  7',
      'B     make.post  failed            2       -  1.5 s  BROKEN: no way',
      '',
      '       +0 ms  placed',
      '      +30 ms  A completed',
      '      +1.5 s  B failed, attempt 2: BROKEN: no way',
      '',
    ].join('\n'),
  );
  expect(exitCode).toBe(0);
});

it('an order that goes on shows what it waits for, and when it is tried again', async () => {
  const at = '2026-11-21T12:00:00.000Z';
  const place = { activity: 'make', stage: 'parallel' };
  const { endedAt: _, error: __, ...running } = order;
  const waiting = {
    ...{ ...running, status: 'waiting', timeline: [{ at, entry: 1, event: 'OrderMovedHouse' }] },
    waitingFor: { what: 'the next attempt of B, after BUSY', until: at },
    tasks: [
      {
        ...{ ...place, taskId: 't2', job: 'B', plugin: 'B', status: 'backingOff' },
        ...{
          attempts: [{ attempt: 1, dispatchedAt: at }],
          dispatchedAt: at,
          nextAttemptAt: at,
          error: { code: 'BUSY', message: 'later' },
        },
      },
      { ...place, plugin: 'C', status: 'notInvited', reason: 'its filter does not match' },
    ],
    compensations: [{ job: 'A', plugin: 'A', status: 'pending', attempts: [] }],
  };
  api.reset({ 'GET /orders/order-1': { body: waiting } });
  const { stdout } = await baton('order', 'order-1');
  expect(stdout).toMatch(/^accepted {3}\S+ \S+, .+ so far$/m);
  expect(stdout).toMatch(
    /^waits for {2}the next attempt of B, after BUSY, until \S+ \S+ at the latest$/m,
  );
  expect(stdout).toMatch(
    /^B +make\.parallel +backing off +1 +- +.* so far +BUSY: later; next attempt \S+ \S+$/m,
  );
  expect(stdout).toMatch(/^C +make\.parallel +not invited .* its filter does not match$/m);
  expect(stdout).toMatch(/^A +pending +0 +-$/m);
  expect(stdout).toMatch(/order moved house$/m);
});

// Was: the error message of a plugin drove the terminal of whoever looked at its order. Now: it is shown.
it('an order shows what a plugin has said, and the terminal does not obey it', async () => {
  const message = 'no\u001b[2J\u001b]0;owned\u0007\u202eeman';
  const error = { code: 'BROKEN', message, task: 'B', plugin: 'B', attempt: 1 };
  api.reset({
    'GET /orders/order-1': { body: { ...order, error, attributes: { k: '\u009b1m' } } },
  });
  const { stdout } = await baton('order', 'order-1');
  expect(stdout).toContain('no\\u001b[2J\\u001b]0;owned\\u0007\\u202eeman');
  expect(visible(stdout)).toBe(stdout);
  const json = (await baton('order', 'order-1', '--json')).stdout;
  expect(JSON.parse(json)).toMatchObject({ error: { message } });
  expect(visible(json)).toBe(json);
  const problem = { status: 404, code: 'NOT_FOUND', detail: `no order ${message}` };
  api.reset({ 'GET /orders/order-1': { status: 404, body: problem } });
  const { stderr } = await baton('order', 'order-1');
  expect(stderr).toContain('\\u001b[2J');
  expect(visible(stderr)).toBe(stderr);
});

// Was: an instant that had come was all that stood there of what had failed or been parked, and what would never be undone was pending.
// Now: what came of it is told.
it('an order that has failed without an attempt, and could not be undone, says so', async () => {
  const at = '2026-11-21T12:00:00.000Z';
  const error = { code: 'REPEATED_TOO_OFTEN', message: 'after 3 rounds' };
  const late = { code: 'EVENT_TIMEOUT', message: 'paid did not come' };
  const moment = (event: string, fields: object = {}) => ({ at, entry: 1, event, ...fields });
  const failed = {
    ...order,
    error: { ...error, task: 'repeat', plugin: 'repeat', attempt: 0 },
    compensations: [
      { job: 'B', plugin: 'B', status: 'failed', attempts: [], error },
      { job: 'A', plugin: 'A', status: 'pending', attempts: [] },
    ],
    timeline: [
      moment('DeadlinePassed'),
      moment('DeadlinePassed', { task: 'paid', attempt: 1, error: late }),
      moment('DeadlinePassed', { task: 'A', attempt: 1 }),
      moment('DeadlinePassed', { task: 'A', attempt: 2 }),
      moment('TaskParked', { task: 'B', plugin: 'B', parkedFor: 'quarantine' }),
      moment('TaskFailed', { task: 'repeat', error }),
    ],
  };
  api.reset({ 'GET /orders/order-1': { body: failed } });
  const { stdout } = await baton('order', 'order-1');
  expect(stdout).toContain('REPEATED_TOO_OFTEN at repeat: after 3 rounds');
  expect(stdout).toMatch(/^A +not undone +0 +-$/m);
  const told = stdout.trimEnd().split('\n').slice(-6);
  expect(told.map((line) => line.replace(/^ +\S+ m?s {2}/, ''))).toEqual([
    'it was looked after, and nothing was due',
    'paid failed: EVENT_TIMEOUT: paid did not come',
    'A was sent: a wait was over',
    'A was sent again, attempt 2',
    'B is parked: its plugin is held back',
    'repeat failed: REPEATED_TOO_OFTEN: after 3 rounds',
  ]);
});

it('a paused order says since when, and why', async () => {
  const { endedAt: _, error: __, ...running } = order;
  const what = 'someone who resumes or cancels it';
  const since = '2026-11-21T12:00:00.000Z';
  const waitingFor = { what, since, why: 'paused by ada: so' };
  api.reset({ 'GET /orders/order-1': { body: { ...running, status: 'paused', waitingFor } } });
  expect((await baton('order', 'order-1')).stdout).toMatch(
    /^waits for {2}someone who resumes or cancels it, since \S+ \S+; paused by ada: so$/m,
  );
});

it('--json prints the response of the API, and nothing else', async () => {
  api.reset({ 'GET /orders/order-1': { body: order } });
  const { stdout, stderr } = await baton('order', 'order-1', '--json');
  expect(JSON.parse(stdout)).toEqual(order);
  expect(stderr).toBe('');
});

it('orders lists as many as --limit says, page by page', async () => {
  const { orderId: _, tasks: __, attributes: ___, ...summary } = order;
  const row = (orderId: string) => ({ orderId, ...summary });
  api.reset({
    'GET /orders?status=failed&limit=3': { body: { orders: [row('a'), row('b')], next: 'more' } },
    'GET /orders?status=failed&limit=1&next=more': { body: { orders: [row('c')], next: 'rest' } },
  });
  const { stdout } = await baton('orders', '--status', 'failed', '--limit', '3');
  const [titles, ...rows] = stdout.trimEnd().split('\n');
  expect(titles).toMatch(/^order {2}status {2}workflow {2}client {2}accepted +took {2}error$/);
  expect(rows[0]).toMatch(/1\.5 s {2}BROKEN \(B\)$/);
  expect(rows.map((line) => line.split(' ')[0])).toEqual(['a', 'b', 'c', 'more']);
});

it('orders shows attributes and how far each is, of several statuses and with an attribute', async () => {
  const summary = { workflow: { name: 'w', version: 1 }, acceptedAt: '2026-11-21T12:00:00.000Z' };
  const row = {
    ...{ orderId: 'a', status: 'running', ...summary, attributes: { kind: 'photo' } },
    tasks: { done: 2, total: 5 },
  };
  const path =
    'GET /orders?status=running&status=failed&idPrefix=o-&attribute.kind=photo&attribute.n=5&limit=20';
  api.reset({ [path]: { body: { orders: [row] } } });
  const { stdout } = await baton(
    ...['orders', '--status', 'running', '--status', 'failed', '--id-prefix', 'o-'],
    ...['--attribute', 'kind=photo', '--attribute', 'n=5'],
  );
  expect(stdout).toMatch(/^order .* tasks +attributes$/m);
  expect(stdout).toMatch(/^a .* 2\/5 +\{"kind":"photo"\}$/m);
});

it('orders --stuck says why each of them is', async () => {
  const { orderId: _, tasks: __, attributes: ___, ...summary } = order;
  const stuck = { why: 'paused', since: '2026-11-21T08:00:00.000Z' };
  const path = 'GET /orders?workflow=w&version=2&plugin=A&errorCode=E&stuck=true&limit=20';
  api.reset({ [path]: { body: { orders: [{ orderId: 'a', ...summary, stuck }] } } });
  const which = [
    '--workflow',
    'w',
    '--workflow-version',
    '2',
    '--plugin',
    'A',
    '--error-code',
    'E',
  ];
  const { stdout } = await baton('orders', '--stuck', ...which);
  expect(stdout).toMatch(/took +error +stuck\na .*paused since /);
});

// Was: the row of an order that somebody had paused did not say why. Now: it says who or which operation has, and the reason.
it('orders says who has paused each of them, and why', async () => {
  const { orderId: _, tasks: __, attributes: ___, error: ____, ...summary } = order;
  const since = '2026-11-21T08:00:00.000Z';
  const orders = [
    { ...summary, orderId: 'a', paused: { since, by: 'operator', operation: 'op-1' } },
    { ...summary, orderId: 'b', paused: { since, by: 'operator ada', reason: 'stocktaking' } },
    { ...summary, orderId: 'c', paused: { since } },
  ];
  api.reset({ 'GET /orders?pausedBy=op-1&limit=20': { body: { orders } } });
  const { stdout } = await baton('orders', '--paused-by', 'op-1');
  expect(stdout).toMatch(/ paused\na .* by op-1\nb .* by operator ada: stocktaking\nc .* -$/m);
});

it('orders --all --json lists every page as one document', async () => {
  api.reset({
    'GET /orders?limit=100': { body: { orders: [{ orderId: 'a' }], next: 'more' } },
    'GET /orders?limit=100&next=more': { body: { orders: [{ orderId: 'b' }] } },
  });
  const { stdout } = await baton('orders', '--all', '--json');
  expect(JSON.parse(stdout)).toEqual({ orders: [{ orderId: 'a' }, { orderId: 'b' }] });
});

it('status shows what waits where, in colour only if asked to', async () => {
  const concurrency = { base: 2, ceiling: 10, now: 4 };
  const bottleneck = { cause: 'atCap', since: '2026-11-21T08:00:00.000Z', timeToDrainSeconds: 90 };
  const busy = { queued: 12, inFlight: 3, oldestSeconds: 75, instances: 4 };
  const { since } = bottleneck;
  const quarantine = {
    phase: 'closed',
    since,
    reason: '9 of its latest 9 attempts failed',
    parked: 7,
  };
  const waiting = { client: 'shop', tasks: 10, waiting: 990 };
  const status = {
    orders: { active: 7, byWorkflow: { photo: 5, 'todo-*': 2 }, stuck: 2 },
    tasks: { queued: 12, inFlight: 3, parked: 7, remaining: 31 },
    plugins: [
      {
        ...{ name: 'B', concurrency: { ...concurrency, now: 10 }, health: 'switchedOff' },
        turns: { perClient: 10, waiting: [waiting, { ...waiting, client: 'bank', waiting: 1 }] },
      },
      { name: 'C', concurrency: { ...concurrency, now: 10 }, health: 'quarantined', quarantine },
      { name: 'D', concurrency: { ...concurrency, now: 10 }, health: 'ok', quarantine },
      // What is behind comes first.
      { name: 'A', ...busy, concurrency, health: 'bottleneck', bottleneck },
    ],
    bottleneck: 'A',
  };
  api.reset({ 'GET /status': { body: status } });
  const plain = await baton('status');
  expect(plain.stdout).toBe(
    [
      '7 active orders (photo 5, ad hoc 2), 12 tasks queued, 3 in flight, 7 parked, about 31 to do',
      'stuck 2: baton orders --stuck',
      'bottleneck A',
      '',
      'plugin  queued  in flight      oldest      instances  health',
      'A           12          3  1 min 15 s  4 of 4 (≤ 10)  behind: all its instances are busy, 1 min 30 s to drain',
      'B            -          -           -           ≤ 10  switched off; 990 of shop and 1 more client wait for a turn',
      'C            -          -           -           ≤ 10  quarantined: 7 parked, 9 of its latest 9 attempts failed',
      'D            -          -           -           ≤ 10  new: 7 parked, 9 of its latest 9 attempts failed',
      '',
    ].join('\n'),
  );
  const { byWorkflow } = status.orders;
  const many = { active: 20_000, approximate: true, byWorkflow, byWorkflowApproximate: true };
  api.reset({ 'GET /status': { body: { ...status, orders: { ...many, stuck: 0 } } } });
  expect((await baton('status')).stdout).toContain(
    'about 20000 active orders (photo about 5, ad hoc about 2; workflows with few orders may be missing),',
  );
  const paused = { ...status.orders, stuck: 0, paused: 4 };
  api.reset({ 'GET /status': { body: { ...status, orders: paused } } });
  expect((await baton('status')).stdout).toContain('(photo 5, ad hoc 2), 4 of them paused, 12');
  api.reset({ 'GET /status': { body: status } });
  const env = { BATON_API: api.url, FORCE_COLOR: '1' };
  expect((await runBaton(['status'], { env })).stdout).toContain('\u001B[1m7\u001B[22m');
  expect((await runBaton(['status', '--no-color'], { env })).stdout).toBe(plain.stdout);
});

it('plugins quarantine, drain and reopen hold a plugin back, with the reason, and let it go on', async () => {
  const quarantined = { phase: 'closed', since: '2026-11-21T08:00:00.000Z', reason: 'so' };
  const body = { name: 'A', quarantined };
  const path = (act: string) => `POST /plugins/A/${act}`;
  const acts = ['quarantine', 'drain', 'reopen'];
  api.reset(Object.fromEntries(acts.map((act) => [path(act), { body }])));
  const closing = await baton('plugins', 'quarantine', 'A', '--reason', 'so');
  expect(closing.stdout).toBe('A is in quarantine\n');
  expect((await baton('plugins', 'drain', 'A')).stdout).toMatch(/^A drains: it finishes/);
  expect((await baton('plugins', 'reopen', 'A')).stdout).toBe('A reopens\n');
  expect(api.received.map(({ body: sent }) => JSON.parse(String(sent)))).toEqual([
    { reason: 'so' },
    {},
    {},
  ]);
});

it('workflows put takes the name from the definition, whatever the file is called', async () => {
  const receipt = { status: 201, body: { name: 'imaging', version: 1 } };
  api.reset({ 'PUT /workflows/imaging': receipt, 'PUT /workflows/other': receipt });
  const folder = await mkdtemp(path.join(tmpdir(), 'baton-'));
  const file = path.join(folder, 'draft.yml');
  await writeFile(file, 'name: imaging\nactivities: []\n');
  const put = await baton('workflows', 'put', file);
  expect(put.stdout).toBe('imaging v1 stored\n');
  await baton('workflows', 'put', file, '--name', 'other');
  expect(api.received.map(({ path: at }) => at)).toEqual([
    '/workflows/imaging',
    '/workflows/other',
  ]);
  await rm(folder, { recursive: true });
});

// Was: the 30th of February was the 2nd of March, so that an operation met other orders than were named. Now: no such day is taken.
it.each([
  ['orders', '--from', '2026-02-30'],
  ['orders', '--to', '2026-04-31T10:00Z'],
  ['operations', 'start', 'cancel', '--from', '2027-02-29'],
  ['counts', '--from', '2026-2-30 10:00'],
])('a day that the month does not have is refused: %s %s %s', async (...args) => {
  const { stderr, exitCode } = await baton(...args);
  expect(stderr).toContain('It must be an instant, such as 2026-11-21T08:00Z');
  expect(exitCode).toBe(2);
  expect(api.received).toEqual([]);
});

it('the leap day is a day, and a month begins with its first', async () => {
  api.reset({ 'GET /orders': { body: { orders: [] } } });
  await baton('orders', '--from', '2024-02-29T00:00Z', '--to', '2024-03');
  const { search } = new URL(api.received[0]?.path ?? '', 'http://x');
  expect(new URLSearchParams(search).get('from')).toBe('2024-02-29T00:00:00.000Z');
  expect(new URLSearchParams(search).get('to')).toBe('2024-03-01T00:00:00.000Z');
});

// Was: a URIError and a stack trace. Now: the usage error that other ids and names get which no address can carry.
it('a workflow whose name is half of a surrogate pair is refused before anything is sent', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'baton-'));
  const file = path.join(folder, 'half.json');
  await writeFile(file, '{ "name": "\\ud800", "activities": [] }');
  const { stderr, exitCode } = await baton('workflows', 'put', file);
  expect([stderr, exitCode]).toEqual([
    'baton: an id or a name in "/workflows/\\ud800" holds half of a surrogate pair, which is no character\n',
    2,
  ]);
  expect(api.received).toEqual([]);
  await rm(folder, { recursive: true });
});

it('workflows put takes the name from the file; list and get show the definition, ready to be put again', async () => {
  const activities = [{ name: 'make', pre: ['A'], parallel: [], post: [] }];
  const stored = { ...workflow, on: ['photo.received'], activities };
  api.reset({
    'PUT /workflows/imaging': {
      status: 201,
      body: { name: 'imaging', version: 1, warnings: ['plugin adjust is not registered yet'] },
    },
    'GET /workflows': { body: { workflows: [stored] } },
    'GET /workflows/photo/versions/3': { body: stored },
  });
  const put = await baton('workflows', 'put', 'plugins/imaging/workflows/imaging.yml');
  expect(put.stdout).toBe('imaging v1 stored\n');
  expect(put.stderr).toBe('warning: plugin adjust is not registered yet\n');
  expect(api.received[0]?.headers['content-type']).toBe('application/yaml');
  expect(api.received[0]?.body.toString()).toContain('name: imaging');

  const list = await baton('workflows', 'list');
  expect(list.stdout).toContain('photo           3  photo.received  make');

  const get = await baton('workflows', 'get', 'photo', '--version', '3');
  expect(get.stdout).toMatch(/^# version 3\nname: photo\non:\n {2}- photo.received\nactivities:\n/);
});

it('plugins shows where each plugin takes part', async () => {
  const joins = [
    { activity: 'make', stage: 'parallel', order: 100, mandatory: false, filter: { kind: ['a'] } },
  ];
  const policy = { history: true, timeoutSeconds: 90, totalSeconds: 600 };
  const retry = { maxAttempts: 3, backoffSeconds: 2, maxBackoffSeconds: 300 };
  const concurrency = { base: 2, ceiling: 10 };
  const plugin = { name: 'resize', joins, ...policy, retry, concurrency };
  const open = { ...workflow, activities: [{ name: 'make', parallel: ['*'] }] };
  api.reset({
    'GET /plugins': { body: { plugins: [plugin] } },
    'GET /workflows': { body: { workflows: [open] } },
  });
  const { stdout } = await baton('plugins');
  expect(stdout).toMatch(/^resize {2}make\.parallel \(optional, filtered\) /m);
  expect(stdout).toContain('2–10  1 min 30 s         3  yes');
});

it('plugins shows which participations no workflow invites yet', async () => {
  const plugin = { name: 'A', joins: [{ activity: 'make', stage: 'pre', mandatory: true }] };
  const policy = { retry: { maxAttempts: 3 }, concurrency: { base: 2, ceiling: 2 } };
  api.reset({
    'GET /plugins': { body: { plugins: [{ ...plugin, ...policy, timeoutSeconds: 5 }] } },
    'GET /workflows': { body: { workflows: [] } },
  });
  expect((await baton('plugins')).stdout).toContain('A       make.pre (joins nothing yet)');
});

it("clients put and get store and show a client's contract", async () => {
  api.reset({
    'PUT /clients/X': ({ body }) => ({ body: { clientId: 'X', ...JSON.parse(String(body)) } }),
    'GET /clients/X': { body: { clientId: 'X', workflow: 'imaging' } },
  });
  expect((await baton('clients', 'put', 'X', '--todo', 'A;B|C')).stdout).toBe('X: todo A;B|C\n');
  const fromFile = await baton('clients', 'put', 'X', 'examples/client-x.json');
  expect(fromFile.stdout).toBe('X: workflow imaging\n');
  expect((await baton('clients', 'get', 'X')).stdout).toBe('X: workflow imaging\n');
});

it('cancel and events send say what they did', async () => {
  const receipt = { orderId: 'order-1', workflow: 'photo', version: 3 };
  api.reset({
    'POST /orders/order-1/cancel': { body: { ...receipt, status: 'cancelled' } },
    'POST /events': { status: 202, body: { orders: [{ ...receipt, status: 'accepted' }] } },
  });
  const cancelled = await baton('cancel', 'order-1', '--reason', 'too late');
  expect(cancelled.stdout).toBe('order-1 is cancelled\n');
  expect(JSON.parse(String(api.received[0]?.body))).toEqual({ reason: 'too late' });

  const args = ['events', 'send', 'photo.received', '{"id": 1}', '--attribute', 'severity=high'];
  expect((await baton(...args)).stdout).toBe('order order-1 started (photo v3)\n');
  expect(JSON.parse(String(api.received[1]?.body))).toEqual({
    type: 'photo.received',
    data: { id: 1 },
    attributes: { severity: 'high' },
  });
});

it('cancel with a task cancels that alone, by its name in the address', async () => {
  const receipt = { orderId: 'order-1', workflow: 'photo', version: 3, status: 'running' };
  api.reset({ 'POST /orders/order-1/tasks/A%232/cancel': { body: receipt } });
  const cancelled = await baton('cancel', 'order-1', 'A#2', '--reason', 'wrong parts');
  expect(cancelled.stdout).toBe('order-1 is running\n');
  expect(JSON.parse(String(api.received[0]?.body))).toEqual({ reason: 'wrong parts' });
});

it('an order shows what was called off and cancelled, and why', async () => {
  const at = '2026-11-21T12:00:00.000Z';
  const reason = '2 completed tasks of its stage were enough';
  const place = { activity: 'make', stage: 'parallel', plugin: 'C', dispatchedAt: at, endedAt: at };
  const asked = {
    ...{ ...order, status: 'running' },
    tasks: [
      { ...place, taskId: 't3', job: 'C', status: 'calledOff', attempts: [], reason },
      { ...{ activity: 'make', stage: 'parallel', plugin: 'D' }, status: 'calledOff', reason },
    ],
    timeline: [
      { at, entry: 1, event: 'TaskCalledOff', task: 'C', reason },
      { at, entry: 2, event: 'TaskCompleted', task: 'C', attempt: 1, late: true },
      { at, entry: 3, event: 'TaskCancelRequested', task: 'E', reason: 'so' },
    ],
  };
  api.reset({ 'GET /orders/order-1': { body: asked } });
  const { stdout } = await baton('order', 'order-1');
  expect(stdout).toMatch(/^C +make\.parallel +called off .* 2 completed tasks/m);
  expect(stdout).toMatch(/^D +make\.parallel +called off .* 2 completed tasks/m);
  expect(stdout).toContain(`C called off: ${reason}`);
  expect(stdout).toContain('C completed late: it counts only if it is undone');
  expect(stdout).toContain('E cancelled: so');
});

it('events send wakes orders that wait under a key, or one order alone', async () => {
  api.reset({
    'POST /events': { status: 202, body: { orders: [], eventId: 'e-1', told: 2 } },
    'POST /orders/order-1/events': { status: 202, body: { orderId: 'order-1', eventId: 'e-2' } },
  });
  const paid = ['events', 'send', 'payment.received'];
  expect((await baton(...paid, '{"cents": 1200}', '--key', 'R-17')).stdout).toBe(
    'no workflow starts on payment.received\n2 tasks that wait for it are told\n',
  );
  expect((await baton(...paid, '--order', 'order-1')).stdout).toBe(
    'order-1 is told of payment.received\n',
  );
  expect(api.received.map(({ body }) => JSON.parse(String(body)))).toEqual([
    { type: 'payment.received', key: 'R-17', data: { cents: 1200 }, attributes: {} },
    { type: 'payment.received', data: null },
  ]);
  const wrong = await baton(...paid, '--order', 'order-1', '--attribute', 'a=b');
  expect(wrong.stderr).toContain('--attribute is for orders that the event starts');
});

// Was: baton --version was an unknown option. Now: it prints the version, and `workflows get` keeps its own --version.
it.each([['--version'], ['-V']])('baton %s prints the version', async (option) => {
  const { stdout, exitCode } = await runBaton([option]);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(exitCode).toBe(0);
});

it('counts shows what ended by name, with its course over time', async () => {
  const counts = {
    ...{ by: 'plugin', per: 'hour', of: 'attempts', approximate: true },
    ...{ from: '2026-11-21T08:00:00.000Z', to: '2026-11-21T12:00:00.000Z' },
    series: [
      {
        ...{ name: 'resize', completed: 12, failed: 4, cancelled: 0 },
        points: [
          { at: '2026-11-21T08:00:00.000Z', completed: 8, failed: 0, cancelled: 0 },
          { at: '2026-11-21T10:00:00.000Z', completed: 4, failed: 0, cancelled: 0 },
          { at: '2026-11-21T11:00:00.000Z', completed: 0, failed: 4, cancelled: 0 },
        ],
      },
    ],
  };
  api.routes = { 'GET /counts': { body: counts } };
  const { stdout } = await baton('counts', '--by', 'plugin', '--from', '2026-11-21T08:00Z');
  expect(api.received[0]?.path).toBe(
    `/counts?by=plugin&per=hour&from=${encodeURIComponent('2026-11-21T08:00:00.000Z')}`,
  );
  expect(stdout).toMatch(/^resize +12 +4 +0 {2}█·▄▄$/m);
  expect(stdout).toContain('attempts per hour');
  const { exitCode, stderr } = await baton('counts', '--by', 'plugins');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('Did you mean plugin?');
});
