import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { OrderSystem } from './order-system.ts';

jest.setTimeout(480_000);

const SHARED = [...Array(10).keys()];

/** All at once: each of them waits for its queue's visibility timeout, some several times. */
const ORDERS = [
  { orderId: 'throws', input: 1, todo: ['A', 'throws-once', 'B'] },
  { orderId: 'exits', input: 1, todo: ['A', 'exits-once', 'B'] },
  { orderId: 'fatal', input: 1, todo: ['A', 'exits', 'B'] },
  { orderId: 'next-to-it', input: 1, todo: ['A', 'A', 'B'] },
  ...SHARED.map((input) => ({ orderId: `shared-${input}`, input, todo: ['exits-at-five'] })),
];

const system = new OrderSystem('rough');
beforeAll(async () => {
  system.addArithmetic();
  system.addRough();
  await system.start();
  await system.call('POST', '/orders', ORDERS);
});
afterAll(() => system.remove());

it('an instance that dies with its task loses nothing: the task comes again within the same attempt', async () => {
  const ended = await system.ended(['throws', 'exits']);
  expect(ended.map(({ status, result }) => [status, result])).toEqual([
    ['completed', 26],
    ['completed', 206],
  ]);
  expect(ended.flatMap(({ tasks }) => tasks.map(({ attempts }) => attempts.length))).toEqual(
    Array(6).fill(1),
  );
  const output = system.stack.output();
  expect(output).toContain('throws-once: uncaught Error: thrown outside');
  expect(output).toContain('exits-once: the process exited with code 3');
});

it('a plugin that never survives its task fails its own order only', async () => {
  const [fatal, other] = await system.ended(['fatal', 'next-to-it']);
  expect(fatal).toMatchObject({
    status: 'failed',
    error: { code: 'DEAD_LETTERED', plugin: 'exits' },
    jobs: { A: { result: 3 } },
  });
  expect(other).toMatchObject({ status: 'completed', result: 10 });
});

// Was: the nine came again together with the tenth, each time, and all ten went to the dead-letter queue.
// Now: they are performed one by one, each answered and deleted before the next.
it('completes nine of ten tasks that share a batch with one that ends its process, in their only attempt', async () => {
  const ended = await system.ended(SHARED.map((input) => `shared-${input}`));
  const seen = ended.map(({ status, result, error }) => [status, result ?? error?.code]);
  expect(seen).toEqual(
    SHARED.map((input) =>
      input === 5 ? ['failed', 'DEAD_LETTERED'] : ['completed', input + 1000],
    ),
  );
  expect(ended.flatMap(({ tasks }) => tasks.map(({ attempts }) => attempts.length))).toEqual(
    Array(10).fill(1),
  );
  expect(system.stack.output()).toContain('exits-at-five: the process exited with code 5');
});
