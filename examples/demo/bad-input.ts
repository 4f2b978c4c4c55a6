import { readFile } from 'node:fs/promises';
import { json } from '../../src/cli/api.ts';
import { RefusedError } from '../../src/cli/errors.ts';
import type { BatchReceipt } from '../../src/cli/responses.ts';
import { waitForOrders } from '../../src/cli/wait-for-orders.ts';
import type { Demonstration } from './demonstration.ts';
import { PATIENCE_MS } from './demonstration.ts';

interface Example {
  readonly what: string;
  readonly body: string;
  readonly code: string;
}

const EXAMPLES: readonly Example[] = [
  { what: 'a body that is not JSON', body: '{"input": 5,', code: 'MALFORMED_BODY' },
  {
    what: 'an unknown key',
    body: '{"input": 5, "todo": ["A"], "colour": "red"}',
    code: 'INVALID_REQUEST',
  },
  { what: 'an unknown plugin', body: '{"input": 5, "todo": ["A", "Z"]}', code: 'UNKNOWN_PLUGIN' },
  {
    what: 'an unknown workflow',
    body: '{"input": 5, "workflow": "none"}',
    code: 'UNKNOWN_WORKFLOW',
  },
  {
    what: 'an input of 3 MB',
    body: JSON.stringify({ input: 'x'.repeat(3_000_000), todo: ['A'] }),
    code: 'TOO_LARGE',
  },
];

/** Width of the column that says what is wrong. */
const WIDTH = 24;

const BROKEN = new URL('../broken.csv', import.meta.url);

/** Wrong input is refused with path, line and reason; the good rows beside it are done. */
export async function showBadInput({ api, checks }: Demonstration): Promise<void> {
  checks.title('Bad input');
  for (const { what, body, code } of EXAMPLES) {
    const refusal = await refusalOf(api.post('/orders', { body, mediaType: 'application/json' }));
    checks.pass(
      `${what.padEnd(WIDTH)} ${refusal?.message}`,
      checks.equal(what, refusal?.code, code),
    );
  }

  const content = { body: await readFile(BROKEN), mediaType: 'text/csv' };
  const { body } = await api.post<BatchReceipt>('/orders', content);
  for (const { line, code, message } of body.rejected) {
    checks.note(`broken.csv, line ${line}: ${code}: ${message}`);
  }
  const refused = checks.equal(
    'refused rows of broken.csv',
    body.rejected.map(({ line }) => line),
    [3, 4, 6],
  );
  const ids = body.accepted.map(({ orderId }) => orderId);
  const good = await waitForOrders(api, ids, { limitMs: PATIENCE_MS });
  checks.pass(
    `${'a CSV with broken rows'.padEnd(WIDTH)} 3 refused, the other 3 done`,
    refused,
    checks.equal(
      'results of the good rows',
      good.map(({ result }) => result),
      [6, 10, 12],
    ),
  );

  const key = `demo-${Date.now()}`;
  const same = { ...json({ input: 1, todo: ['A'] }), idempotencyKey: key };
  const first = await api.post<{ orderId: string }>('/orders', same);
  const second = await api.post<{ orderId: string }>('/orders', same);
  const other = { ...json({ input: 2, todo: ['A'] }), idempotencyKey: key };
  const conflict = await refusalOf(api.post('/orders', other));
  checks.pass(
    `${'one Idempotency-Key'.padEnd(WIDTH)} twice: the same order; with another body: refused`,
    checks.equal('the same key again', second.body.orderId, first.body.orderId),
    checks.equal('the same key, another body', conflict?.code, 'IDEMPOTENCY_CONFLICT'),
  );
}

async function refusalOf(request: Promise<unknown>): Promise<RefusedError | undefined> {
  try {
    await request;
    return undefined;
  } catch (error) {
    if (error instanceof RefusedError) return error;
    throw error;
  }
}
