import { expect, it } from '@jest/globals';
import type { PluginOptions } from '../../src/sdk/define-plugin.ts';
import { definePlugin } from '../../src/sdk/define-plugin.ts';
import { performBatch } from '../../src/sdk/perform-batch.ts';
import type { QueueRecord } from '../../src/sdk/queue-record.ts';
import { MAX_INLINE_RESULT_BYTES } from '../../src/sdk/result.ts';
import { createMemoryPayloads } from '../ports/memory/objects.ts';
import type { FakeRuntime } from './fake-runtime.ts';
import { fakeRuntime, queueRecord, taskRecord } from './fake-runtime.ts';

const MIB = 1024 * 1024;

/** The record as the orchestrator sends it when no queue takes its message. */
async function inTheBucket(record: QueueRecord, runtime: FakeRuntime): Promise<QueueRecord> {
  const { orderId, invited } = JSON.parse(record.body) as { orderId: string; invited: object };
  const stored = await runtime.payloads.put(orderId, Buffer.from(record.body));
  const body = JSON.stringify({ orderId, invited, stored });
  return { ...record, body };
}

function perform(
  work: (input: unknown) => unknown,
  records: readonly QueueRecord[],
  runtime: FakeRuntime,
  options: PluginOptions<unknown> = {},
) {
  return performBatch(definePlugin(work, options).work, records, 60_000, runtime);
}

it('a task that lies in the bucket is performed as if it had come in its message', async () => {
  const runtime = fakeRuntime();
  const input = 'x'.repeat(3 * MIB);
  const record = await inTheBucket(taskRecord(1, input), runtime);
  const seen: unknown[] = [];
  const outcome = await perform((got) => void seen.push(got), [record], runtime);
  expect(outcome.batchItemFailures).toEqual([]);
  expect(seen).toEqual([input]);
  expect(runtime.answers()).toMatchObject([
    { type: 'TaskCompleted', result: null, claim: { orderId: 'order-1', taskId: 't2' } },
  ]);
});

it('a task that has gone from the bucket fails for good, and says so', async () => {
  const runtime = fakeRuntime();
  const record = await inTheBucket(taskRecord(1, 'x'), runtime);
  runtime.objects.clear();
  await perform(() => 'never', [record], runtime);
  expect(runtime.answers()).toMatchObject([
    {
      ...{ type: 'TaskFailed', retry: 'never' },
      error: { code: 'PAYLOAD_MISSING', message: expect.stringContaining('is not in the bucket') },
    },
  ]);
});

it('while the bucket cannot be reached, a task comes again and loses no attempt', async () => {
  const runtime = fakeRuntime();
  const record = await inTheBucket(taskRecord(1, 'x'), runtime);
  const get = () => Promise.reject(new Error('S3 does not answer'));
  const cutOff = { ...runtime, payloads: { ...runtime.payloads, get } };
  const outcome = await perform(() => 'never', [record, taskRecord(2, 'here')], cutOff);
  expect(outcome.batchItemFailures).toEqual([{ itemIdentifier: 'message-1' }]);
  expect(runtime.answers()).toMatchObject([{ type: 'TaskCompleted', result: 'never' }]);
  expect(runtime.delays).toEqual([{ messageId: 'message-1', seconds: 1 }]);
});

it('a result of 200 KB travels in its answer, and a larger one lies in the bucket', async () => {
  const runtime = fakeRuntime();
  const most = 'x'.repeat(MAX_INLINE_RESULT_BYTES - 2);
  await perform((input) => input, [taskRecord(1, most), taskRecord(2, `${most}x`)], runtime);
  const [inline, elsewhere] = runtime.answers();
  expect(inline).toMatchObject({ result: most });
  const ref = elsewhere?.stored as { sha256: string; bytes: number };
  expect(elsewhere).toMatchObject({ type: 'TaskCompleted', ran: { startedAt: 1_000_000 } });
  expect(elsewhere).not.toHaveProperty('result');
  const { get } = createMemoryPayloads(runtime.objects);
  expect(Buffer.from(await get('order-2', ref)).toString()).toBe(JSON.stringify(`${most}x`));
  expect(runtime.objects.size).toBe(1);
});

it('a result that could not be stored makes its task come again', async () => {
  const runtime = fakeRuntime();
  const put = () => Promise.reject(new Error('S3 does not answer'));
  const cutOff = { ...runtime, payloads: { ...runtime.payloads, put } };
  const outcome = await perform(() => 'x'.repeat(MIB), [taskRecord(1, 0)], cutOff);
  expect(outcome.batchItemFailures).toEqual([{ itemIdentifier: 'message-1' }]);
  expect(runtime.answers()).toEqual([]);
});

it('the results that one message points to have 8 MiB together, at most', async () => {
  const runtime = fakeRuntime();
  const records = [1, 2, 3, 4, 5].map((n) => taskRecord(n, n));
  await perform((n) => String(n).repeat(4 * MIB), records, runtime);
  const bodies = runtime.bodies.map((body) => JSON.parse(body) as { answers: object[] });
  expect(bodies.map(({ answers }) => answers.length)).toEqual([1, 1, 1, 1, 1]);
});

it('a message that points to nothing is none', async () => {
  const runtime = fakeRuntime();
  const invited = { resize: { taskId: 't2', job: 'resize', attempt: 1, deadlineAt: 2_000_000 } };
  const body = JSON.stringify({ orderId: 'order-1', invited, stored: { sha256: 1 } });
  const outcome = await perform(() => 'never', [queueRecord('message-1', body)], runtime);
  expect(outcome.batchItemFailures).toHaveLength(1);
  expect(runtime.lines).toMatchObject([{ reason: 'there is no input' }]);
});
