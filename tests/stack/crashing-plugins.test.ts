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
