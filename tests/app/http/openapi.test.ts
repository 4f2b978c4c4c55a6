import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parseDocument } from 'yaml';
import { makeOpenapi } from '../../../src/app/http/openapi-api.ts';
import { HTTP_CALLS } from '../../../src/contract/http-calls.ts';
import { openapiDocument } from '../../../src/contract/openapi.ts';
import { PREFLIGHT_ROUTE } from '../../../src/contract/preflight-route.ts';
import { PROBLEMS } from '../../../src/contract/problem.ts';
import { readDefinition } from '../../../src/contract/workflow-definition.ts';
import { CONTEXT, createSystem, httpEvent } from '../system.ts';
import type { OpenapiDocument } from './document.ts';
import { undocumented } from './document.ts';

interface ServerlessFunction {
  readonly events?: readonly {
    readonly httpApi?: { readonly method: string; readonly path: string };
  }[];
}

const document = async () =>
  (await createSystem().call<OpenapiDocument>('GET', '/openapi.json')).body;

const CALLS = HTTP_CALLS.map(({ method, path }) => `${method} ${path}`).sort();

describe('the calls in the document are', () => {
  it('the routes of serverless.yml', async () => {
    const text = await readFile('serverless.yml', 'utf8');
    const { functions } = parseDocument(text, { logLevel: 'silent' }).toJS() as {
      functions: Record<string, ServerlessFunction>;
    };
    const routes = Object.values(functions).flatMap(({ events = [] }) =>
      events.flatMap(({ httpApi }) =>
        httpApi === undefined ? [] : [`${httpApi.method} ${httpApi.path}`],
      ),
    );
    // All else goes to the function that knows all calls. The console is a page, and no call.
    const isCall = (route: string) => route !== '* *' && !route.startsWith('GET /console');
    expect(routes.filter(isCall).sort()).toEqual(CALLS);
  });

  it('those that the handlers take: none is unknown to them', async () => {
    const system = createSystem();
    for (const { method, path } of HTTP_CALLS) {
      const { body } = await system.call(method, path.replaceAll(/\{.*?\}/g, '1'));
      expect([path, body]).not.toMatchObject([
        path,
        { detail: expect.stringMatching(/^there is nothing at/) },
      ]);
      expect([path, body.code]).not.toEqual([path, 'METHOD_NOT_ALLOWED']);
    }
  });

  // Was: 405, "/orders/ does not take GET; it takes POST, GET". Now: 404, since API Gateway takes them for other addresses.
  it.each([
    ['GET', '/orders/'],
    ['POST', '/orders/o-1/cancel/'],
    ['POST', '/orders/o-1/cancel'],
  ])('%s %s that comes through $default is nowhere', async (method, path) => {
    const answer = await makeOpenapi()(httpEvent(method, path, {}), CONTEXT);
    const detail = `there is nothing at ${path}`;
    expect(JSON.parse(answer.body ?? '')).toMatchObject({ status: 404, detail });
  });

  // Was: calls without a query ignored what stood there; `POST /orders/ID/cancel?undo=false` undid. Now: it is refused.
  it.each(HTTP_CALLS)('$method $path: they refuse what their query does not know', async (call) => {
    const { method, path, query } = call;
    const at = path.replaceAll(/\{.*?\}/g, 'A');
    const unknown = await createSystem().call(method, at, { query: { foo: '1' } });
    expect(unknown).toMatchObject({
      status: 422,
      body: { code: 'INVALID_REQUEST', path: 'foo', detail: 'foo: this key is not known here' },
    });
    if (query !== undefined) return;
    const elsewhere = await createSystem().call(method, at, { query: { limit: '1' } });
    expect(elsewhere.body).toMatchObject({ path: 'limit' });
  });

  it('those of the paths', async () => {
    const { paths } = await document();
    const described = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.sort()).toEqual(CALLS);
  });
});

describe('the document', () => {
  it('is OpenAPI 3.1, and all that it refers to is there', async () => {
    const all = await document();
    expect(all.openapi).toBe('3.1.0');
    const references = [...JSON.stringify(all).matchAll(/"\$ref":"([^"]+)"/g)].map(([, to]) => to);
    expect(references.length).toBeGreaterThan(20);
    const known = Object.keys(all.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect(references.filter((to) => !known.includes(to ?? ''))).toEqual([]);
  });

  it('gives every schema a name of its own', async () => {
    const names = Object.keys((await document()).components.schemas);
    expect(names).toEqual(expect.arrayContaining(['OrderRequest', 'Order', 'Problem', 'Json']));
    expect(names.filter((name) => !/^[A-Z][A-Za-z]+$/.test(name))).toEqual([]);
  });

  it('names every problem code at some call', async () => {
    const { paths } = await document();
    const text = Object.values(paths)
      .flatMap((operations) => Object.values(operations))
      .flatMap(({ responses }) => Object.values(responses).map(({ description }) => description))
      .join(' ');
    const byAddress = ['METHOD_NOT_ALLOWED'];
    const missing = Object.keys(PROBLEMS).filter((code) => !text.includes(`${code}: `));
    expect(missing).toEqual(byAddress);
  });
});

describe('the document says what is so', () => {
  const operations = async () =>
    Object.entries((await document()).paths).flatMap(([path, byMethod]) =>
      Object.entries(byMethod).map(([method, operation]) => ({
        call: `${method} ${path}`,
        operation,
      })),
    );

  it('of bodies: each is required, but those that may be left out', async () => {
    const optional = (await operations())
      .filter(({ operation }) => operation.requestBody?.required === false)
      .map(({ call }) => call);
    expect(optional).toEqual([
      ...['cancel', 'pause', 'resume', 'retry', 'tasks/{job}/cancel'].map(
        (act) => `post /orders/{orderId}/${act}`,
      ),
      ...['complete', 'heartbeat'].map((act) => `post /tasks/{token}/${act}`),
      ...['quarantine', 'drain', 'reopen'].map((act) => `post /plugins/{name}/${act}`),
      'post /clients/{clientId}/tokens',
      ...['pause', 'resume'].map((act) => `post /schedules/{name}/${act}`),
    ]);
    for (const { call, operation } of await operations()) {
      const { requestBody, responses } = operation;
      const listed = ['413', '415'].filter((status) => status in responses);
      // An encoded body is refused by every call, also by those that take none.
      expect([call, listed]).toEqual([call, requestBody === undefined ? ['415'] : ['413', '415']]);
    }
  });

  it("of API Gateway's own refusals", () => {
    const said = {
      status: 401,
      contentType: 'application/json',
      body: { message: 'Unauthorized' },
    };
    expect(undocumented('GET', '/status', said)).toEqual([]);
    expect(undocumented('GET', '/status', { ...said, status: 403 })).toEqual([]);
  });

  it('of a client: both contracts fit', async () => {
    const system = createSystem();
    await system.call('PUT', '/workflows/w', {
      body: { activities: [{ name: 'go', pre: ['A'] }] },
    });
    for (const contract of [{ todo: ['A', ['A', 'B']] }, { workflow: 'w' }]) {
      const put = await system.call('PUT', '/clients/X', { body: contract });
      expect(put).toMatchObject({ status: 200, body: { clientId: 'X', ...contract } });
    }
    for (const contract of [{}, { workflow: 'w', todo: ['A'] }]) {
      const put = await system.call('PUT', '/clients/X', { body: contract });
      const detail = expect.stringMatching(
        /: a contract has one of workflow and todo, and no more$/,
      );
      expect(put).toMatchObject({ status: 422, body: { detail } });
    }
  });

  it('of methods: what an address does not take is answered with those that it takes', async () => {
    const system = createSystem();
    const refused = await system.call('DELETE', '/workflows/w');
    expect(refused).toMatchObject({ status: 405, headers: { allow: 'PUT, GET' } });
    const other = await system.call('PATCH', '/orders');
    expect(other).toMatchObject({ status: 405, headers: { allow: 'POST, GET' } });
  });

  it('of preflights: none is a call, and its route answers with nothing, whatever the address', async () => {
    const api = makeOpenapi();
    for (const path of ['/orders', '/orders/1/cancel', '/nowhere']) {
      const event = { ...httpEvent('OPTIONS', path, { as: {} }), routeKey: PREFLIGHT_ROUTE };
      expect(await api(event, CONTEXT)).toEqual({ statusCode: 204 });
    }
    const refused = await createSystem().call('OPTIONS', '/workflows/w');
    expect(refused).toMatchObject({ status: 405, headers: { allow: 'PUT, GET' } });
  });

  // Was: a variable of a path took nothing, and the answer was "does not take POST; it takes POST". Now: nothing is there.
  it('of paths: a variable is never empty', async () => {
    const system = createSystem();
    for (const path of ['/orders//cancel', '/tasks//complete', '/workflows//plan']) {
      expect(await system.call('POST', path)).toMatchObject({ status: 404 });
    }
  });

  it('and an answer that is not as it says is noticed', () => {
    const answer = { status: 200, contentType: 'application/json', body: { clientId: 'X' } };
    expect(undocumented('GET', '/clients/X', answer)).not.toEqual([]);
    const text = { ...answer, contentType: 'text/plain' };
    expect(undocumented('GET', '/clients/X', text)).not.toEqual([]);
    expect(undocumented('GET', '/clients/X', { ...answer, status: 418 })).not.toEqual([]);
  });
});

describe('a step with forEach', () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema(openapiDocument(), 'openapi');
  const documented = ajv.getSchema('openapi#/components/schemas/Activity');
  const LISTS = [
    { plugin: 'P', forEach: 'list' },
    { workflow: 'other', forEach: 'list' },
    { waitFor: 'e', forEach: 'list' },
  ];
  const chosen = (step: object) => ({ choose: [{ when: 'a', steps: ['P', step] }] });
  const otherwise = (step: object) => ({ choose: [{ otherwise: [step] }] });
  const placings: readonly [string, boolean, (step: object) => object][] = [
    ['parallel', true, (step) => ({ parallel: ['P', step] })],
    ['a branch of parallel', true, (step) => ({ parallel: [chosen(step)] })],
    ['pre', false, (step) => ({ pre: ['P', step] })],
    ['post', false, (step) => ({ post: [step] })],
    ['a branch of pre', false, (step) => ({ pre: [chosen(step)] })],
    ['the last branch of post', false, (step) => ({ post: [otherwise(step)] })],
    ['onFailure', false, (step) => ({ pre: ['P'], onFailure: { plugins: ['P', step] } })],
  ];

  it.each(placings)('in %s is allowed or not, by the document as by the API', (_, fits, place) => {
    for (const step of LISTS) {
      const activity = { name: 'a', ...place(step) };
      const { forEach: _, ...single } = step;
      expect([documented?.(activity), activity]).toEqual([fits, activity]);
      expect([documented?.({ name: 'a', ...place(single) }), single]).toEqual([true, single]);
      const read = () => readDefinition('w', { activities: [activity] });
      if (fits) expect(read).not.toThrow();
      else expect(read).toThrow('forEach: it stands in a parallel stage only');
    }
  });
});
