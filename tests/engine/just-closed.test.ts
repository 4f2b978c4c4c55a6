import { expect, it } from '@jest/globals';
import { plugin } from '../ports/registry.contract.ts';
import { orderWorld } from './order-under-way.ts';

// Was: an instance remembered for five seconds that a plugin was open, and orders used up all their attempts on it meanwhile.
// Now: before an order tries again what has failed, it asks for what is known within a second.
it('an order that has failed once asks for what is known of its plugin by now', async () => {
  const retry = { maxAttempts: 2, backoffSeconds: 1, maxBackoffSeconds: 1 };
  const plugins = ['A', 'B'].map((name) => plugin(name, { registeredAt: 0, retry }));
  const world = await orderWorld([['A', 'B']], plugins);
  const { plugins: known } = world.ports.registry;
  const asked: (number | undefined)[] = [];
  world.ports.registry.plugins = (options) => {
    asked.push(options?.withinMs);
    return known(options);
  };
  await world.place('o');
  await world.advance('o', world.accepted());
  await world.advance('o', world.busy('t1', 20));
  expect(asked).toEqual([undefined, undefined]);
  world.pass(20);
  await world.advance('o', { type: 'DeadlinePassed', at: world.now() });
  expect(asked).toEqual([undefined, undefined, 1000]);
  expect(world.sent()).toContain('task A·2');
});
