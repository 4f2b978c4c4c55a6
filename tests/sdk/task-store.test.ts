import { expect, it } from '@jest/globals';
import { definePlugin } from '../../src/sdk/define-plugin.ts';
import type { FileRef, Task } from '../../src/sdk/index.ts';
import { performOnce } from '../../src/sdk/perform-once.ts';

const performing = (work: (task: Task) => unknown) =>
  performOnce(
    definePlugin((_: null, task) => work(task)),
    null,
    { orderId: 'o:1', job: 'crop#2' },
  );

it('a file is found where it was put, and its key is made of order, job and name', async () => {
  const performed = await performing(async ({ store }) => {
    await store.put('page.txt', 'before', 'text/plain');
    const file = await store.put('page.txt', 'grün', 'text/plain');
    return { file, text: (await store.get(file)).toString() };
  });
  expect(performed).toMatchObject({
    result: {
      file: {
        ...{ bucket: 'objects', key: 'orders/o:1/files/crop#2/page.txt' },
        ...{ contentType: 'text/plain', bytes: 5 },
      },
      text: 'grün',
    },
  });
});

it.each(['', '../other', 'a/b', 'ä', 'x'.repeat(101)])('the name %j is refused', async (name) => {
  expect(await performing(({ store }) => store.put(name, 'x'))).toMatchObject({
    ...{ status: 'failed', retry: 'never' },
    error: { code: 'INVALID_FILE_NAME', message: expect.stringContaining(JSON.stringify(name)) },
  });
});

it.each<[string, Pick<FileRef, 'bucket' | 'key'>, string]>([
  ['in another bucket', { bucket: 'theirs', key: 'orders/o1/files/x' }, 'FOREIGN_FILE'],
  ['outside the orders', { bucket: 'objects', key: 'secrets/x' }, 'FOREIGN_FILE'],
  ['that is gone', { bucket: 'objects', key: 'orders/o1/files/x' }, 'FILE_MISSING'],
])('a file %s fails the task for good', async (_, file, code) => {
  expect(await performing(({ store }) => store.get(file))).toMatchObject({
    ...{ status: 'failed', retry: 'never', error: { code } },
  });
});
