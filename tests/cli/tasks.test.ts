import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { FakeApi } from './fake-api.ts';
import { runBaton } from './run-baton.ts';

const api = new FakeApi();
beforeAll(async () => {
  await api.start();
});
afterEach(() => api.reset());
afterAll(() => api.stop());

const TOKEN = 'o-1.t1.1.approve.c2lnbmF0dXJl';
const baton = (args: readonly string[], stdin?: string) =>
  runBaton(['--api', api.url, 'tasks', ...args], stdin === undefined ? {} : { stdin });

const takes = (act: string, body: object = { taken: true, orderStatus: 'running' }) => {
  api.routes = { [`POST /tasks/${TOKEN}/${act}`]: { body } };
};
const sent = () => JSON.parse(String(api.received.at(-1)?.body));

it('tasks complete sends the result under the token', async () => {
  takes('complete');
  const { exitCode, stdout } = await baton(['complete', TOKEN, '--result', '{"approved": true}']);
  expect([exitCode, stdout.trim()]).toEqual([0, 'taken; its order is running']);
  expect(sent()).toEqual({ result: { approved: true } });
});

it('the token may come by standard input, and what was taken before is said', async () => {
  takes('complete', { taken: true, repeated: true, orderStatus: 'completed' });
  const { stdout } = await baton(['complete', '-'], `${TOKEN}\n`);
  expect(stdout.trim()).toBe('taken already; its order is completed');
  expect(sent()).toEqual({});
});

// Was: nothing on standard input was a token without characters, and the answer was about the address. Now: it is said.
it('a token that does not come by standard input is missed', async () => {
  const { exitCode, stderr } = await baton(['complete', '-'], '\n');
  expect(exitCode).toBe(2);
  expect(stderr).toBe('baton: standard input is empty; it must hold the token\n');
  expect(api.received).toEqual([]);
});

it('tasks fail says why, and whether it is tried again', async () => {
  takes('fail');
  const why = ['--code', 'REJECTED', '--message', 'too dear'];
  await baton(['fail', TOKEN, ...why]);
  expect(sent()).toEqual({ code: 'REJECTED', message: 'too dear' });
  await baton(['fail', TOKEN, ...why, '--no-retry']);
  expect(sent()).toEqual({ code: 'REJECTED', message: 'too dear', retry: 'never' });
  expect((await baton(['fail', TOKEN, '--code', 'REJECTED'])).exitCode).toBe(2);
});

it('tasks heartbeat sends nothing but the token; a refusal says why, and not the token', async () => {
  takes('heartbeat');
  expect((await baton(['heartbeat', TOKEN])).exitCode).toBe(0);
  const refusal = { status: 409, code: 'ATTEMPT_OVER', detail: 'approve, attempt 1: it is over' };
  api.routes = { [`POST /tasks/${TOKEN}/heartbeat`]: { status: 409, body: refusal } };
  const { exitCode, stderr } = await baton(['heartbeat', TOKEN]);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('it is over');
  expect(stderr).not.toContain(TOKEN);
});
