import { expect, it } from '@jest/globals';
import { Baton } from 'batonflow/client';
import { HTTP_CALLS } from '../../src/contract/http-calls.ts';
import { parse } from '../../src/contract/parse.ts';

/** Calls that an application has no use for, and why. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  'GET /tasks/{token}': 'the SDK of plugins asks it',
  'GET /openapi.json': 'it is for tools, which read it themselves',
};

interface Sent {
  readonly call: string;
  readonly body: string | undefined;
  readonly key: string | undefined;
}

/** The calls that these make, by method and path of the contract. Each list has one page, with nothing in it. */
async function sentBy(...uses: ((baton: Baton) => unknown)[]): Promise<readonly Sent[]> {
  const sent: Sent[] = [];
  const lists = ['orders', 'workflows', 'versions', 'plugins', 'operations', 'tokens', 'schedules'];
  const fetch = async (input: unknown, init: RequestInit = {}) => {
    const { pathname } = new URL(String(input));
    const headers = init.headers as Record<string, string>;
    const body = init.body as string | undefined;
    sent.push({ call: `${init.method} ${pathname}`, body, key: headers['idempotency-key'] });
    const empty = Object.fromEntries(lists.map((name) => [name, []]));
    return Response.json({ status: 'completed', accepted: [], rejected: [], ...empty });
  };
  const baton = new Baton({ url: 'http://baton.example', fetch });
  for (const use of uses) {
    const made = use(baton);
    if (typeof made === 'object' && made !== null && Symbol.asyncIterator in made) {
      for await (const _ of made as AsyncIterable<unknown>) expect(_).toBeUndefined();
    } else await made;
  }
  return sent;
}

const USES: ((baton: Baton) => unknown)[] = [
  (baton) => baton.place({ input: 1, todo: ['A'] }),
  (baton) => baton.get('o-1'),
  (baton) => baton.list({ status: ['failed'] }),
  (baton) => baton.cancel('o-1', { reason: 'why', undo: false }),
  (baton) => baton.pause('o-1', { reason: 'why' }),
  (baton) => baton.resume('o-1'),
  (baton) => baton.retry('o-1', { input: { n: 1 }, version: 'latest' }),
  (baton) => baton.skip('o-1', 'A#2', { result: null }),
  (baton) => baton.cancelTask('o-1', 'A#2', { reason: 'why' }),
  (baton) => baton.events.send({ type: 'photo.received', data: 1 }),
  (baton) => baton.events.sendTo('o-1', { type: 'approval.given', key: 'R-17', data: 1 }),
  (baton) => baton.status(),
  (baton) => baton.counts({ by: 'plugin' }),
  (baton) => baton.history(),
  (baton) => baton.me(),
  (baton) => baton.workflows.put('w', { activities: [{ name: 'a', pre: ['A'] }] }),
  (baton) => baton.workflows.get('w'),
  (baton) => baton.workflows.get('w', { version: 2 }),
  (baton) => baton.workflows.list(),
  (baton) => baton.workflows.versions('w'),
  (baton) => baton.workflows.plan('w', { attributes: { kind: 'photo' } }),
  (baton) => baton.plugins.list(),
  (baton) => baton.plugins.history('A', { per: 'hour' }),
  (baton) => baton.plugins.quarantine('A', { reason: 'why' }),
  (baton) => baton.plugins.drain('A'),
  (baton) => baton.plugins.reopen('A'),
  (baton) => baton.operations.start({ action: 'pause', filter: { workflow: 'w' } }),
  (baton) => baton.operations.preview({ action: 'retry', filter: { status: 'failed' } }),
  (baton) => baton.operations.list(),
  (baton) => baton.operations.get('op-1'),
  (baton) => baton.operations.stop('op-1'),
  (baton) => baton.clients.put('X', { workflow: 'w' }),
  (baton) => baton.clients.get('X'),
  (baton) => baton.clients.makeToken('X', { name: 'shop', expiresInDays: 90 }),
  (baton) => baton.clients.tokens('X'),
  (baton) => baton.clients.revokeToken('X', 'baton_c_ab'),
  (baton) => baton.schedules.put('s', { cron: '0 2 * * *', todo: ['A'], input: 1 }),
  (baton) => baton.schedules.get('s'),
  (baton) => baton.schedules.list(),
  (baton) => baton.schedules.pause('s', { reason: 'why' }),
  (baton) => baton.schedules.resume('s'),
  (baton) => baton.schedules.delete('s'),
  (baton) => baton.tasks.complete('token', { approved: true }),
  (baton) => baton.tasks.fail('token', { code: 'REJECTED', message: 'no', retry: 'never' }),
  (baton) => baton.tasks.beat('token'),
  (baton) => baton.deadLetters.list({ limit: 5 }),
  (baton) => baton.deadLetters.get('l-1'),
  (baton) => baton.deadLetters.redrive('l-1'),
  (baton) => baton.deadLetters.drop('l-1'),
];

const contractOf = ({ call }: Sent) =>
  HTTP_CALLS.find((one) =>
    new RegExp(`^${one.method} ${one.path.replaceAll(/\{.*?\}/g, '[^/]+')}$`).test(call),
  );

it('the client makes every call of the API, but those that are not for applications', async () => {
  const made = (await sentBy(...USES)).map(contractOf);
  expect(made).not.toContain(undefined);
  const missing = HTTP_CALLS.filter((call) => !made.includes(call))
    .map(({ method, path }) => `${method} ${path}`)
    .sort();
  expect(missing).toEqual(Object.keys(LEFT_OUT).sort());
});

it('each body is one that the API takes, and goes only where the API takes one', async () => {
  for (const sent of await sentBy(...USES)) {
    const schema = contractOf(sent)?.body?.['application/json'];
    expect({ ...sent, hasBody: sent.body !== undefined }).toEqual({
      ...{ ...sent, hasBody: schema !== undefined },
    });
    if (schema !== undefined) parse(schema, JSON.parse(sent.body ?? ''));
  }
});

it('whatever may be repeated under a key has one', async () => {
  const sent = await sentBy(...USES);
  const without = sent.filter((one) => contractOf(one)?.repeatable && one.key === undefined);
  expect(without).toEqual([]);
});

it('a definition in YAML goes as it is, and is only checked where that is asked for', async () => {
  const asked: [string, string | null][] = [];
  const baton = new Baton({
    url: 'http://baton.example',
    fetch: async (input, init) => {
      asked.push([String(input), new Headers(init?.headers).get('content-type')]);
      return Response.json({ name: 'w', version: 1 });
    },
  });
  await baton.workflows.check('a b', 'activities: []\n');
  expect(asked).toEqual([
    ['http://baton.example/workflows/a%20b?validate=true', 'application/yaml'],
  ]);
});
