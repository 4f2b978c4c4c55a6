import { describe, expect, it } from '@jest/globals';
import { createSystem, isUntouched, T0 } from '../system.ts';

const YAML = `
name: photo-order
on: [photo.received]
activities:
  - name: check
    pre: [A]
  - name: make
    parallel: "*"
    post:
      - wait: 10m
      - plugin: notify
        mandatory: false
        when: attributes.priority = "high"
`;

describe('workflows', () => {
  it('a definition in YAML becomes a version, and the same again in JSON stays that', async () => {
    const system = createSystem();
    const put = { body: YAML, type: 'application/yaml' };
    expect(await system.call('PUT', '/workflows/photo-order', put)).toMatchObject({
      status: 201,
      body: {
        name: 'photo-order',
        version: 1,
        warnings: ['plugin notify is not registered yet'],
      },
    });
    const { body } = await system.call<Record<string, unknown>>('GET', '/workflows/photo-order');
    expect(body).toEqual({
      name: 'photo-order',
      version: 1,
      on: ['photo.received'],
      activities: [
        { name: 'check', pre: ['A'], parallel: [], post: [] },
        {
          name: 'make',
          pre: [],
          parallel: ['*'],
          post: [
            { wait: 600 },
            { plugin: 'notify', mandatory: false, when: 'attributes.priority = "high"' },
          ],
        },
      ],
    });
    const { version: _, ...again } = body;
    const repeated = await system.call('PUT', '/workflows/photo-order', { body: again });
    expect(repeated).toMatchObject({ status: 200, body: { version: 1 } });
  });

  it('with a choice are read back as they were put', async () => {
    const system = createSystem();
    const choose = [
      { when: 'payload > 1', steps: ['A', { wait: 60 }, { waitUntil: 'payload.due' }] },
      { otherwise: [{ plugin: 'notify', mandatory: false }] },
    ];
    const body = { activities: [{ name: 'go', pre: [{ choose }] }] };
    const put = await system.call('PUT', '/workflows/w', { body });
    expect(put).toMatchObject({
      status: 201,
      body: { warnings: ['plugin notify is not registered yet'] },
    });
    const read = await system.call<object>('GET', '/workflows/w');
    expect(read.body).toMatchObject(body);
    expect(await system.call('PUT', '/workflows/w', { body })).toMatchObject({ status: 200 });
  });

  it('with choices among activities are read back as they were put', async () => {
    const system = createSystem();
    const go = (name: string, pre: readonly unknown[] = ['A']) => ({
      ...{ name, pre, parallel: [], post: [] },
    });
    const inner = { choose: [{ when: 'payload > 5', activities: [go('c'), go('d')] }] };
    const activities = [
      go('a'),
      {
        choose: [
          { when: 'payload > 1', activities: [inner, go('e')] },
          { when: 'payload < 0', activities: [go('f'), { choose: [{ otherwise: [go('g')] }] }] },
          { otherwise: [go('h', ['notify'])] },
        ],
      },
      { choose: [{ otherwise: [{ ...go('i'), repeat: { until: 'true', max: 2 } }] }] },
      go('j'),
    ];
    const body = { activities, pivot: 'a' };
    const put = await system.call('PUT', '/workflows/w', { body });
    expect(put).toMatchObject({
      status: 201,
      body: { warnings: ['plugin notify is not registered yet'] },
    });
    const read = await system.call<{ activities: unknown }>('GET', '/workflows/w');
    expect(read.body.activities).toEqual(activities);
    expect(await system.call('PUT', '/workflows/w', { body })).toMatchObject({ status: 200 });
  });

  it('each version stays as it is', async () => {
    const system = createSystem();
    const put = (pre: string[]) =>
      system.call('PUT', '/workflows/w', { body: { activities: [{ name: 'go', pre }] } });
    await put(['A']);
    expect(await put(['B'])).toMatchObject({ status: 201, body: { version: 2 } });
    const get = (version: number) => system.call('GET', `/workflows/w/versions/${version}`);
    expect(await get(1)).toMatchObject({ status: 200, body: { activities: [{ pre: ['A'] }] } });
    expect(await get(2)).toMatchObject({ status: 200, body: { activities: [{ pre: ['B'] }] } });
    expect(await get(3)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  });

  it('are listed by name, page by page, without those of ad-hoc orders', async () => {
    const system = createSystem();
    const body = { activities: [{ name: 'go', pre: ['A'] }] };
    for (const name of ['c', 'a', 'b']) await system.call('PUT', `/workflows/${name}`, { body });
    await system.call('POST', '/orders', { body: { input: 1, todo: ['A'] } });
    const list = (query: Record<string, string>) =>
      system.call<object>('GET', '/workflows', { query });
    const named = (...names: string[]) => names.map((name) => expect.objectContaining({ name }));
    const first = await list({ limit: '2' });
    expect(first.body).toEqual({ workflows: named('a', 'b'), next: 'b' });
    expect((await list({ limit: '2', next: 'b' })).body).toEqual({ workflows: named('c') });
  });
});

it('plugins are listed with what they declare, without where they listen', async () => {
  const { body } = await createSystem().call<{ plugins: object[] }>('GET', '/plugins');
  expect(body.plugins[0]).toEqual({
    name: 'A',
    joins: [],
    history: false,
    compensates: false,
    timeoutSeconds: 300,
    totalSeconds: 86_400,
    retry: { maxAttempts: 3, backoffSeconds: 2, maxBackoffSeconds: 300 },
    quarantine: { failureRatio: 0.5, windowSeconds: 300, minimumOrders: 5, canaryAfterSeconds: 10 },
    concurrency: { base: 2, ceiling: 2 },
    owner: 'arn:aws:cloudformation:eu-west-1:1:stack/arithmetic',
    registeredAt: '2026-11-21T07:00:00.000Z',
  });
});

it("a client's contract is stored and shown", async () => {
  const system = createSystem();
  const body = { clientId: 'X', todo: ['A', ['A', 'B']] };
  const put = await system.call('PUT', '/clients/X', { body: { todo: body.todo } });
  expect(put).toMatchObject({ status: 200, body });
  expect(await system.call('GET', '/clients/X')).toMatchObject({ status: 200, body: put.body });
});

describe('PUT /workflows/{name}?validate=true', () => {
  const definition = (...pre: string[]) => ({ activities: [{ name: 'go', pre }] });
  const check = (system: ReturnType<typeof createSystem>, body: object) =>
    system.call('PUT', '/workflows/w', { body, query: { validate: 'true' } });

  it('says which version it would be, and stores nothing', async () => {
    const system = createSystem();
    expect(await check(system, definition('A', 'C'))).toMatchObject({
      status: 200,
      body: { version: 1, stored: false, warnings: ['plugin C is not registered yet'] },
    });
    expect(await system.call('GET', '/workflows/w')).toMatchObject({ status: 404 });
    await system.call('PUT', '/workflows/w', { body: definition('A') });
    expect(await check(system, definition('A'))).toMatchObject({ body: { version: 1 } });
    expect(await check(system, definition('B'))).toMatchObject({ body: { version: 2 } });
    expect(await system.call('GET', '/workflows/w')).toMatchObject({ body: { version: 1 } });
  });

  it('refuses what would be refused', async () => {
    expect(await check(createSystem(), { activities: [] })).toMatchObject({ status: 422 });
  });
});

describe('GET /workflows/{name}/versions', () => {
  it('says when each was stored, by whom, and how many orders have it', async () => {
    const system = createSystem();
    const put = async (pre: string, as: object) => {
      system.now.at += 1000;
      const body = { activities: [{ name: 'go', pre: [pre] }] };
      await system.call('PUT', '/workflows/w', { body, as });
    };
    await put('A', { kind: 'operator', name: 'ada' });
    for (const orderId of ['o-1', 'o-2']) {
      await system.call('POST', '/orders', { body: { orderId, input: 1, workflow: 'w' } });
    }
    await put('B', { kind: 'operator' });
    await system.call('POST', '/orders', { body: { input: 1, workflow: 'w' } });
    const versions = (query: Record<string, string>) =>
      system.call<object>('GET', '/workflows/w/versions', { query });
    const second = { version: 2, storedAt: iso(2000), storedBy: 'operator', active: 1 };
    const first = { version: 1, storedAt: iso(1000), storedBy: 'operator ada', active: 2 };
    expect((await versions({})).body).toEqual({ versions: [second, first] });
    expect((await versions({ limit: '1' })).body).toEqual({ versions: [second], next: '2' });
    expect((await versions({ limit: '1', next: '2' })).body).toEqual({ versions: [first] });
    // Was: a page that nobody had given out was an empty list. Now: it is refused, as by other lists.
    for (const next of ['abc', '3', '02', '']) {
      expect(await versions({ next })).toMatchObject({
        status: 422,
        body: { path: 'next', detail: 'next: no page of this list ended with it' },
      });
    }
  });

  it('knows no others', async () => {
    const { status } = await createSystem().call('GET', '/workflows/w/versions');
    expect(status).toBe(404);
  });
});

describe('POST /workflows/{name}/plan', () => {
  // Was: "there is no workflow w", where only the version is missing. Now: it says so.
  it('says whether it is the workflow that is missing, or its version', async () => {
    const system = createSystem();
    await system.call('PUT', '/workflows/w', {
      body: { activities: [{ name: 'go', pre: ['A'] }] },
    });
    const planned = (name: string) =>
      system.call('POST', `/workflows/${name}/plan`, { body: { version: 99 } });
    expect(await planned('w')).toMatchObject({
      status: 404,
      body: { path: 'version', detail: 'version: w has no version 99' },
    });
    expect((await planned('other')).body).toMatchObject({ detail: 'there is no workflow other' });
  });

  const plan = async (activities: object[], body: object) => {
    const system = createSystem();
    await system.call('PUT', '/workflows/w', { body: { activities } });
    const planned = await system.call<object>('POST', '/workflows/w/plan', { body });
    expect(isUntouched(system)).toBe(true);
    return planned;
  };

  it('says who would take part, with which input, and who would not and why', async () => {
    const activities = [
      { name: 'check', pre: ['A', { plugin: 'B', when: 'attributes.kind = "photo"' }] },
      {
        name: 'make',
        parallel: ['A', { plugin: 'B', input: '{"n": payload.n + 1}' }],
        post: ['C'],
      },
    ];
    const { status, body } = await plan(activities, {
      attributes: { kind: 'text' },
      input: { n: 5 },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ name: 'w', version: 1, unregistered: ['C'] },
      tasks: [
        { job: 'A', plugin: 'A', activity: 'check', stage: 'pre', input: { n: 5 } },
        { job: 'A#2', activity: 'make', stage: 'parallel', input: { n: 5 } },
        { job: 'B', activity: 'make', stage: 'parallel', input: { n: 6 } },
        { job: 'C', activity: 'make', stage: 'post' },
      ],
      leftOut: [{ plugin: 'B', activity: 'check', stage: 'pre', status: 'skipped' }],
    });
    expect(body).not.toHaveProperty('error');
  });

  it('says which tasks a list would come to', async () => {
    const step = { plugin: 'A', forEach: 'payload', concurrency: 1, input: '$element * 10' };
    const { body } = await plan([{ name: 'go', parallel: [step] }], { input: [1, 2] });
    expect(body).toMatchObject({
      tasks: [
        { job: 'A', stage: 'parallel', input: 10 },
        { job: 'A#2', stage: 'parallel', input: 20 },
      ],
    });
  });

  it('says which branch would be taken, and who stands in the others', async () => {
    const choose = [{ when: 'payload > 1', steps: ['A'] }, { otherwise: ['B'] }];
    const { body } = await plan([{ name: 'go', pre: [{ choose }] }], { input: 2 });
    expect(body).toMatchObject({
      tasks: [{ job: 'A', input: 2 }],
      leftOut: [{ plugin: 'B', status: 'skipped', reason: expect.stringMatching(/branch 1 was/) }],
    });
  });

  it('says which activities would be chosen, and who stands in the others', async () => {
    const choose = [
      { when: 'payload > 1', activities: [{ name: 'large', pre: ['A'] }] },
      { otherwise: [{ name: 'small', parallel: ['B'] }] },
    ];
    const { body } = await plan([{ choose }, { name: 'then', pre: ['B'] }], { input: 2 });
    expect(body).toMatchObject({
      tasks: [
        { job: 'A', activity: 'large' },
        { job: 'B', activity: 'then' },
      ],
      leftOut: [{ plugin: 'B', activity: 'small', stage: 'parallel', status: 'skipped' }],
    });
    const broken = [{ choose: [{ when: '7', activities: [{ name: 'large', pre: ['A'] }] }] }];
    expect((await plan(broken, {})).body).toMatchObject({
      tasks: [],
      error: { code: 'EXPRESSION_FAILED', task: 'choose' },
    });
  });

  it('plays an activity with `repeat` once', async () => {
    const repeat = { until: 'payload.approved', max: 5 };
    const { body } = await plan([{ name: 'go', pre: ['A'], repeat }], { input: 5 });
    expect(body).toMatchObject({ tasks: [{ job: 'A', input: 5 }] });
    expect(body).not.toHaveProperty('error');
  });

  it('plays all tasks of a stage with `enough`', async () => {
    const activities = [{ name: 'go', parallel: ['A', 'B'], enough: 1, post: ['A'] }];
    const { body } = await plan(activities, { input: 5 });
    expect(body).toMatchObject({
      tasks: [{ job: 'A' }, { job: 'B' }, { job: 'A#2', input: { A: 5, B: 5 } }],
      leftOut: [],
    });
  });

  it('says what would fail the order', async () => {
    const activities = [{ name: 'go', pre: [{ plugin: 'A', input: '$error("no")' }] }];
    const { body } = await plan(activities, {});
    expect(body).toMatchObject({ tasks: [], error: { code: 'EXPRESSION_FAILED', plugin: 'A' } });
  });

  // Was: 500, since a parked task waits in the play for somebody to let it go. Now: who takes part does not depend on quarantines.
  it('tells of a plugin in quarantine as of others', async () => {
    const system = createSystem();
    await system.call('PUT', '/workflows/w', {
      body: { activities: [{ name: 'go', pre: ['A'] }] },
    });
    const closing = await system.call('POST', '/plugins/A/quarantine', { body: { reason: 'so' } });
    expect(closing.status).toBe(200);
    expect(await system.call('POST', '/workflows/w/plan', { body: {} })).toMatchObject({
      status: 200,
      body: { tasks: [{ job: 'A' }] },
    });
  });

  it('waits for nothing', async () => {
    const { body } = await plan([{ name: 'go', pre: ['A', { wait: '30d' }, 'B'] }], {});
    expect(body).toMatchObject({ tasks: [{ job: 'A' }, { job: 'B' }] });
  });

  it('knows what time it is: an instant within a year is waited for', async () => {
    const wait = (ms: number) => [{ name: 'go', pre: [{ waitUntil: iso(ms) }, 'A'] }];
    const days = (count: number) => count * 86_400_000;
    expect((await plan(wait(days(360)), {})).body).toMatchObject({ tasks: [{ job: 'A' }] });
    expect((await plan(wait(days(370)), {})).body).toMatchObject({
      error: { code: 'WAIT_TOO_LONG' },
    });
  });

  it('of no workflow is none, and of another version that', async () => {
    const system = createSystem();
    const ask = (body: object) => system.call('POST', '/workflows/w/plan', { body });
    expect(await ask({})).toMatchObject({ status: 404 });
    for (const pre of ['A', 'B']) {
      await system.call('PUT', '/workflows/w', {
        body: { activities: [{ name: 'go', pre: [pre] }] },
      });
    }
    expect(await ask({ version: 1 })).toMatchObject({ body: { tasks: [{ job: 'A' }] } });
    expect(await ask({})).toMatchObject({ body: { tasks: [{ job: 'B' }] } });
    expect(await ask({ version: 3 })).toMatchObject({ status: 404 });
    expect(await ask({ version: 'x' })).toMatchObject({ status: 422 });
  });
});

const iso = (ms: number) => new Date(T0 + ms).toISOString();
