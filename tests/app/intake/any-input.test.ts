import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CallOptions } from '../system.ts';
import { createSystem } from '../system.ts';

describe('whatever comes in, the answer is never a 5xx', () => {
  const TYPES = [
    'application/json',
    'application/x-ndjson',
    'text/csv',
    'application/yaml',
    'image/png',
    'text/plain',
    'a/b/c',
    '',
  ];
  const PATHS = [
    'POST /orders',
    'POST /events',
    'GET /orders',
    'POST /orders/o-1/cancel',
    'PUT /workflows/w',
    'PUT /clients/X',
    'GET /workflows',
    'GET /plugins',
  ];
  const keys = fc.constantFrom(
    ...[
      'input',
      'todo',
      'workflow',
      'client',
      'attributes',
      'orderId',
      '__proto__',
      'type',
      'data',
    ],
    ...['activities', 'name', 'pre', 'parallel', 'post', 'plugin', 'when', 'wait', 'on', 'reason'],
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.jsonValue(),
      fc.constantFrom('A', 'B', 'X', 'w', '*', '10m', 'a.b', '$jobs.A'),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(keys, tie('value'), { maxKeys: 6 }),
    ),
  }));
  const cell = fc.oneof(fc.constantFrom('A', 'A;B', '5', '"', '""', '{"a":1}', ''), fc.string());
  const csvText = fc
    .tuple(
      fc.subarray(['input', 'todo', 'client', 'orderId', 'attributes.a', 'input.x', 'other']),
      fc.array(fc.array(cell, { maxLength: 5 }), { maxLength: 6 }),
      fc.constantFrom('\n', '\r\n', '\r'),
    )
    .map(([header, rows, end]) => [header, ...rows].map((row) => row.join(',')).join(end));
  const body = fc.oneof(
    value.map((one) => JSON.stringify(one)),
    csvText,
    fc.string({ unit: 'binary' }),
    fc.uint8Array({ maxLength: 200 }),
  );
  const call = fc.record(
    {
      body,
      type: fc.oneof(
        { weight: 5, arbitrary: fc.constantFrom(...TYPES) },
        { weight: 1, arbitrary: fc.string() },
      ),
      query: fc.dictionary(
        fc.constantFrom('client', 'workflow', 'orderId', 'limit', 'next', 'status', 'x'),
        fc.oneof(fc.constantFrom('X', 'w', '5'), fc.string()),
        { maxKeys: 3 },
      ),
      headers: fc.dictionary(fc.constantFrom('idempotency-key', 'Content-Encoding'), fc.string(), {
        maxKeys: 1,
      }),
    },
    { requiredKeys: [] },
  );
  const address = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...PATHS) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          fc.constantFrom('GET', 'PUT', 'POST', 'PATCH'),
          fc.array(fc.webSegment(), { maxLength: 4 }),
        )
        .map(([method, path]) => `${method} /${path.join('/')}`),
    },
  );

  it('in 3000 requests', async () => {
    const system = createSystem();
    await system.call('PUT', '/clients/X', { body: { todo: ['A'] } });
    await fc.assert(
      fc.asyncProperty(address, call, async (where, options) => {
        const [method = '', path = ''] = where.split(' ');
        const { status, body: answer } = await system.call<object>(
          method,
          path,
          options as CallOptions,
        );
        expect({ status, answer, fine: status < 500 }).toMatchObject({ fine: true });
      }),
      { numRuns: 3000 },
    );
  });
});
