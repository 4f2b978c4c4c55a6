import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { OrderSystem } from './order-system.ts';

jest.setTimeout(480_000);

const left = new OrderSystem('left');
const right = new OrderSystem('right');
beforeAll(async () => {
  left.addArithmetic();
  right.addArithmetic();
  right.addRough();
  await Promise.all([left.start(), right.start()]);
});
afterAll(() => Promise.all([left.remove(), right.remove()]));

function place(system: OrderSystem, orderId: string, input: number, todo: string[]) {
  return system.call<{ orderId: string }>('POST', '/orders', { orderId, input, todo });
}

it('two systems with the same plugins and the same order ids have nothing in common', async () => {
  await Promise.all([place(left, 'twin', 5, ['A', 'B']), place(right, 'twin', 5, ['B', 'A'])]);
  const [[one], [other]] = await Promise.all([left.ended(['twin']), right.ended(['twin'])]);
  expect([one?.result, other?.result]).toEqual([14, 12]);

  await expect(place(left, 'gated', 1, ['gate'])).rejects.toThrow('UNKNOWN_PLUGIN');
  await left.call('PUT', '/workflows/only-here', { activities: [{ name: 'a', pre: ['A'] }] });
  expect(await right.call('GET', '/workflows')).toEqual({ workflows: [] });
});

it('while one is killed at work, the other goes on undisturbed', async () => {
  await place(right, 'held', 1, ['gate']);
  await right.stack.says('gate: 1 instance');
  await right.kill();

  const orderIds = [...Array(10).keys()].map((n) => `after-${n}`);
  const orders = orderIds.map((orderId, input) => ({ orderId, input, todo: ['A', 'B'] }));
  await left.call('POST', '/orders', orders);
  const ended = await left.ended(orderIds);
  expect(ended.map(({ result }) => result)).toEqual(orderIds.map((_, n) => (n + 2) * 2));
});
