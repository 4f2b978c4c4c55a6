import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { OrderSystem } from './order-system.ts';

jest.setTimeout(480_000);

const system = new OrderSystem('greedy');
beforeAll(async () => {
  system.addArithmetic();
  await system.start();
});
afterAll(() => system.remove());

// Was: one client's number ended the process of all orders, and each sweep after it.
// Now: the order with that number fails, and the others beside it go on.
it('an expression that takes too much fails its order, and no other, in the running stack', async () => {
  const input = '$length($pad("", payload))';
  await system.call('PUT', '/workflows/wide', {
    name: 'wide',
    activities: [{ name: 'make', pre: [{ plugin: 'A', input }, 'B'] }],
  });
  const widths = [1, 90_000_000, 2, 90_000_000, 3];
  for (const [index, width] of widths.entries()) {
    const order = { orderId: `wide-${index}`, workflow: 'wide', input: width };
    await system.call('POST', '/orders', order);
  }
  const ended = await system.ended(widths.map((_, index) => `wide-${index}`));
  expect(ended.map(({ result, error }) => result ?? error?.code)).toEqual([
    6,
    'EXPRESSION_FAILED',
    8,
    'EXPRESSION_FAILED',
    10,
  ]);
  expect(system.stack.output()).not.toContain('out of memory');
});
