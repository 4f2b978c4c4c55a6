import { describe, expect, it } from '@jest/globals';
import { createSystem } from '../system.ts';

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
  expect(await system.call('GET', '/clients/X')).toEqual(put);
});
