import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { OrderSystem } from './order-system.ts';

jest.setTimeout(180_000);

const system = new OrderSystem('rough');
beforeAll(async () => {
  system.addArithmetic();
  system.addRough();
  await system.start();
});
afterAll(() => system.remove());

async function place(orderId: string, plugin: string): Promise<string> {
  await system.call('POST', '/orders', { orderId, input: 1, todo: ['A', plugin, 'B'] });
  return orderId;
}

it('an instance that dies with its task loses nothing: the task comes again within the same attempt', async () => {
  const orders = [await place('throws', 'throws-once'), await place('exits', 'exits-once')];
  const ended = await system.ended(orders);
  expect(ended.map(({ status, result }) => [status, result])).toEqual([
    ['completed', 26],
    ['completed', 206],
  ]);
  expect(ended.flatMap(({ tasks }) => tasks.map(({ attempts }) => attempts))).toEqual(
    Array(6).fill(1),
  );
  const output = system.stack.output();
  expect(output).toContain('throws-once: uncaught Error: thrown outside');
  expect(output).toContain('exits-once: the process exited with code 3');
});

it('a plugin that never survives its task fails its own order only', async () => {
  const orders = [await place('fatal', 'exits'), await place('next-to-it', 'A')];
  const [fatal, other] = await system.ended(orders);
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
  const inputs = [...Array(10).keys()];
  const orders = inputs.map((input) => ({
    ...{ orderId: `shared-${input}`, input, todo: ['exits-at-five'] },
  }));
  await system.call('POST', '/orders', orders);
  const ended = await system.ended(orders.map(({ orderId }) => orderId));
  const seen = ended.map(({ status, result, error }) => [status, result ?? error?.code]);
  expect(seen).toEqual(
    inputs.map((input) =>
      input === 5 ? ['failed', 'DEAD_LETTERED'] : ['completed', input + 1000],
    ),
  );
  expect(ended.flatMap(({ tasks }) => tasks.map(({ attempts }) => attempts))).toEqual(
    Array(10).fill(1),
  );
  expect(system.stack.output()).toContain('exits-at-five: the process exited with code 5');
});
