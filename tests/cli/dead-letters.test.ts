import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { FakeApi } from './fake-api.ts';
import { runBaton } from './run-baton.ts';

const api = new FakeApi();
beforeAll(() => api.start());
afterAll(() => api.stop());

const baton = (...args: string[]) => runBaton(args, { env: { BATON_API: api.url } });

const letter = (id: string) => ({
  ...{ id, sentAt: '2026-11-21T08:00:00.000Z', bytes: 7, body: '{"a":1}' },
  about: [{ type: 'TaskCompleted', orderId: 'o-1', plugin: 'A', taskId: 't1', attempt: 1 }, {}],
});

it('dead-letters list and show say what they are about', async () => {
  api.reset({
    'GET /dead-letters?limit=20': { body: { deadLetters: [letter('m-1')], total: 5 } },
    'GET /dead-letters/m-1': { body: letter('m-1') },
  });
  const { stdout } = await baton('dead-letters', 'list');
  expect(stdout).toMatch(/^id +sent +about\nm-1 .*TaskCompleted of order o-1 by A, and 1 more\n/);
  expect(stdout).toContain('about 4 more');
  expect((await baton('dead-letters', 'show', 'm-1')).stdout).toMatch(/7 bytes: .*\n\{"a":1\}\n$/);
});

it('dead-letters redrive sends one again, or all; drop takes one away', async () => {
  const left = ['m-1', 'm-2', 'm-3'];
  const take = (id: string) => () => ({ body: { id: left.splice(left.indexOf(id), 1)[0] } });
  api.reset({
    'GET /dead-letters': () => ({
      body: { deadLetters: left.slice(0, 1).map(letter), total: left.length },
    }),
    ...Object.fromEntries(left.map((id) => [`POST /dead-letters/${id}/redrive`, take(id)])),
    'DELETE /dead-letters/m-9': { body: letter('m-9') },
  });
  expect((await baton('dead-letters', 'redrive', 'm-2')).stdout).toBe('1 sent again\n');
  expect(left).toEqual(['m-1', 'm-3']);
  expect((await baton('dead-letters', 'redrive', '--all')).stdout).toBe('2 sent again\n');
  expect(left).toEqual([]);
  expect((await baton('dead-letters', 'redrive')).exitCode).toBe(2);
  expect((await baton('dead-letters', 'drop', 'm-9')).stdout).toBe('m-9 is gone\n');
});
