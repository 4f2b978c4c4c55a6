import assert from 'node:assert/strict';
import { test } from 'node:test';
import { performOnce } from 'batonflow/sdk/testing';
import { dutyLog } from './handler.ts';

test('an event becomes a line of the duty log', async () => {
  const event = { headline: 'Intrusion at harbour', occurredAt: '2026-11-21T01:12:00Z' };
  const performed = await performOnce(dutyLog, event, { orderId: 'o-1', job: 'duty-log' });
  assert.equal(performed.status, 'completed');
  assert.deepEqual(performed.result, { id: 'o-1/duty-log', line: '01:12 Intrusion at harbour' });
});

test('an event without a time fails for good', async () => {
  const performed = await performOnce(dutyLog, { headline: 'Intrusion', occurredAt: 'now' });
  assert.equal(performed.status, 'failed');
  assert.equal(performed.error.code, 'NOT_A_TIME');
  assert.equal(performed.retry, 'never');
});
