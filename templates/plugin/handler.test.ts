import assert from 'node:assert/strict';
import { test } from 'node:test';
import { performOnce } from 'batonflow/sdk/testing';
import { pluginName } from './handler.ts';

test('a guest is greeted', async () => {
  const performed = await performOnce(pluginName, { name: 'Ada' });
  assert.equal(performed.status, 'completed');
  assert.deepEqual(performed.result, { greeting: 'Hello, Ada!' });
});

test('an input without a name fails for good', async () => {
  const performed = await performOnce(pluginName, {});
  assert.equal(performed.status, 'failed');
  assert.equal(performed.error.code, 'NO_NAME');
  assert.equal(performed.retry, 'never');
});
