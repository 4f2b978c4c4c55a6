import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { readWholeAnswer } from '../../src/app/orders/stored-results.ts';
import { pluginKey } from '../../src/contract/task-token.ts';
import { createMemoryPayloads } from '../ports/memory/objects.ts';
import { queueRecord, taskRecord } from '../sdk/fake-runtime.ts';

const KEY = pluginKey('a master secret', 'countWords');
const NOW = 1_000_000;

/** Performs a batch of what it is given on stdin, with a bucket that is a folder in memory, and prints what it came to. */
const DRIVER = `
import json, sys
sys.path.insert(0, 'examples/python-plugin')
import plugin
given = json.load(sys.stdin)
objects = {}
class S3:
    def get_object(self, Bucket, Key):
        import io
        return {'Body': io.BytesIO(objects[Key])}
    def put_object(self, Bucket, Key, Body):
        objects[Key] = Body
bucket = plugin.Bucket(S3(), 'objects')
records = given['records']
if given['store']:
    for record in records:
        message = json.loads(record['body'])
        stored = bucket.put(message['orderId'], record['body'].encode())
        record['body'] = json.dumps({**{key: message[key] for key in ('orderId', 'invited')}, 'stored': stored})
if given['large']:
    plugin.count_words = lambda text: text * 300000
answers, failed = plugin.perform(records, 'countWords', given['key'], bucket, lambda: given['now'])
print(json.dumps({'answers': answers, 'failed': failed, 'objects': {key: body.decode() for key, body in objects.items()}}))
`;

interface Printed {
  readonly answers: readonly object[];
  readonly failed: readonly string[];
  readonly objects: Readonly<Record<string, string>>;
}

async function perform(records: readonly object[], { store = false, large = false } = {}) {
  const running = promisify(execFile)('python3', ['-c', DRIVER], { maxBuffer: 64 * 2 ** 20 });
  running.child.stdin?.end(JSON.stringify({ records, key: KEY, now: NOW, store, large }));
  const { stdout } = await running;
  const { answers, failed, objects } = JSON.parse(stdout) as Printed;
  const stored = new Map(Object.entries(objects).map(([key, text]) => [key, Buffer.from(text)]));
  const payloads = createMemoryPayloads(stored);
  const when = { now: NOW, sentAt: NOW };
  // As the orchestrator reads them.
  const read = answers.map((answer) =>
    readWholeAnswer(JSON.stringify(answer), () => [KEY], when, payloads),
  );
  return { answers: await Promise.all(read), failed };
}

const record = (n: number, input: unknown, deadlineAt = NOW + 60_000) =>
  taskRecord(n, input, { plugin: 'countWords', deadlineAt });
const ran = { startedAt: NOW, endedAt: NOW };

it('a plugin in Python answers as one with the SDK does', async () => {
  const batch = [record(1, 'grün ist  die Hoffnung'), record(2, 7), record(3, 'late', NOW)];
  const { answers, failed } = await perform([...batch, queueRecord('message-4', '{}')]);
  expect(answers).toMatchObject([
    {
      orderId: 'order-1',
      event: { type: 'TaskCompleted', taskId: 't2', attempt: 1, result: { words: 4 }, ran },
    },
    {
      orderId: 'order-2',
      event: {
        ...{ type: 'TaskFailed', retry: 'never', ran },
        error: { code: 'NOT_A_TEXT', message: 'the input is a text, not int' },
      },
    },
    { orderId: 'order-3', event: { type: 'TaskExpired' } },
  ]);
  expect(failed).toEqual(['message-4']);
});

it('a plugin in Python reads and writes what is too large for messages', async () => {
  const stored = await perform([record(1, 'three words here')], { store: true });
  expect(stored.answers).toMatchObject([{ event: { result: { words: 3 } } }]);
  const large = await perform([record(1, 'x')], { large: true });
  expect(large.answers).toMatchObject([
    { event: { type: 'TaskCompleted', result: 'x'.repeat(300_000), ran }, fetchedBytes: 300_002 },
  ]);
});
