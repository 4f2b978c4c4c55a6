import { randomBytes } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { readWholeAnswer } from '../../../src/app/orders/stored-results.ts';
import type { PayloadRef } from '../../../src/contract/payloads.ts';
import { pluginKey, signToken } from '../../../src/contract/task-token.ts';
import { createMemoryPayloads } from '../../ports/memory/objects.ts';
import { MASTER, T0 } from '../system.ts';

const claim = { orderId: 'o1', taskId: 't1', attempt: 1, plugin: 'A' };
const token = signToken(claim, pluginKey(MASTER, 'A'));
const when = { now: T0, sentAt: T0 };
const keys = (plugin: string) => [pluginKey(MASTER, plugin)];

async function readWith(
  result: string | Uint8Array,
  change: (answer: { type: string; token: string; stored: PayloadRef }) => object = (one) => one,
) {
  const payloads = createMemoryPayloads();
  const stored = await payloads.put('o1', Buffer.from(result));
  const answer = change({ type: 'TaskCompleted', token, stored });
  return readWholeAnswer(JSON.stringify(answer), keys, when, payloads);
}

it('a result that lies in the bucket is one like any other', async () => {
  const result = { text: randomBytes(300_000).toString('hex'), n: 1.5 };
  expect(await readWith(JSON.stringify(result))).toEqual({
    orderId: 'o1',
    event: { type: 'TaskCompleted', at: T0, taskId: 't1', attempt: 1, by: 'A', result },
    fetchedBytes: JSON.stringify(result).length,
  });
});

it('a result that speaks of storing things is not taken for an address', async () => {
  const result = { stored: { sha256: 'a'.repeat(64), bytes: 7 } };
  const answer = JSON.stringify({ type: 'TaskCompleted', token, result });
  expect(await readWholeAnswer(answer, keys, when, createMemoryPayloads())).toMatchObject({
    event: { type: 'TaskCompleted', result },
  });
});

it.each<[string, string | Uint8Array, object]>([
  ['no JSON', '{"a": ', { code: 'RESULT_NOT_JSON' }],
  ['more than a result', '1,"token":"another"', { code: 'RESULT_NOT_JSON' }],
  ['no text', Buffer.of(0x22, 0xff, 0x22), { code: 'RESULT_NOT_JSON' }],
  ['a byte order mark before it', '\ufeff1', { code: 'RESULT_NOT_JSON' }],
  ['a number that would change', '9007199254740993', { code: 'RESULT_NOT_JSON' }],
  ['too deep', '['.repeat(65) + ']'.repeat(65), { code: 'RESULT_TOO_DEEP' }],
])('an object that is %s fails its attempt for good', async (_, content, error) => {
  expect(await readWith(content)).toMatchObject({
    orderId: 'o1',
    event: { type: 'TaskFailed', taskId: 't1', retry: 'never', error },
    refused: { plugin: 'A', error },
  });
});

it('a result that is not in the bucket fails its attempt, and the next one may store it', async () => {
  const elsewhere = { sha256: 'b'.repeat(64), bytes: 10 };
  expect(await readWith('1', (answer) => ({ ...answer, stored: elsewhere }))).toMatchObject({
    event: { type: 'TaskFailed', retry: 'policy', error: { code: 'RESULT_MISSING' } },
  });
});

it('an answer for another order does not get at this one', async () => {
  const other = signToken({ ...claim, orderId: 'o2' }, pluginKey(MASTER, 'A'));
  expect(await readWith('1', (answer) => ({ ...answer, token: other }))).toMatchObject({
    orderId: 'o2',
    event: { type: 'TaskFailed', error: { code: 'RESULT_MISSING' } },
  });
});

it('a result over 5 MiB is refused unread', async () => {
  const large = { sha256: 'b'.repeat(64), bytes: 5 * 1024 * 1024 + 1 };
  expect(await readWith('1', (answer) => ({ ...answer, stored: large }))).toMatchObject({
    event: { type: 'TaskFailed', retry: 'never', error: { code: 'RESULT_TOO_LARGE' } },
  });
});

it('a forged answer changes nothing, and nothing is fetched for it', async () => {
  const payloads = { get: () => Promise.reject(new Error('it was fetched')) };
  const forged = signToken(claim, 'another key');
  const answer = {
    type: 'TaskCompleted',
    token: forged,
    stored: { sha256: 'a'.repeat(64), bytes: 1 },
  };
  expect(await readWholeAnswer(JSON.stringify(answer), keys, when, payloads)).toEqual({
    complaint: 'it is forged',
  });
});

it('while the bucket cannot be reached, the answer comes again', async () => {
  const payloads = { get: () => Promise.reject(new Error('S3 does not answer')) };
  const answer = { type: 'TaskCompleted', token, stored: { sha256: 'a'.repeat(64), bytes: 1 } };
  expect(await readWholeAnswer(JSON.stringify(answer), keys, when, payloads)).toEqual({
    complaint: 'its result could not be fetched: S3 does not answer',
  });
});
