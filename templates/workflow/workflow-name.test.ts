import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { tryWorkflow } from 'batonflow/sdk/testing';

const workflow = await readFile(new URL('workflow-name.yml', import.meta.url), 'utf8');

/** Stands in for the plugin `hello`, which registers for greeting; plugins that are left out hand back their input. */
const hello = { joins: [{ activity: 'greet', stage: 'parallel' as const }], result: 'Hello!' };

test('whoever registered for greeting greets, and an urgent order is notified', async () => {
  const { order, dispatched } = await tryWorkflow(workflow, {
    input: { name: 'Ada' },
    attributes: { priority: 'high' },
    plugins: { hello },
  });
  assert.equal(order.status, 'completed');
  assert.deepEqual(
    dispatched.map(({ plugin }) => plugin),
    ['validate', 'hello', 'notify'],
  );
  assert.deepEqual(dispatched.at(-1)?.input, { hello: 'Hello!' });
});

test('an order that is not valid goes no further', async () => {
  const validate = {
    attempts: [{ error: { code: 'NO_NAME', message: 'none' }, retry: 'never' as const }],
  };
  const { order, dispatched } = await tryWorkflow(workflow, { plugins: { hello, validate } });
  assert.equal(order.error?.code, 'NO_NAME');
  assert.equal(dispatched.length, 1);
});
