import { expect, it } from '@jest/globals';
import { advanceOrders } from '../../src/engine/engine.ts';
import { orderWorld } from './order-under-way.ts';

/** Starts an order whose first entries so many other writers store first. `pauses` are what its own writer waited for. */
async function startAfter(faster: number) {
  const world = await orderWorld(['A']);
  await world.place('o');
  world.sent();
  const { append, latest } = world.ports.journal;
  let lost = 0;
  let read = 0;
  world.ports.journal.append = async (...entry) => {
    if (lost === faster) return append(...entry);
    lost += 1;
    return 'taken';
  };
  world.ports.journal.latest = async (orderId) => {
    read += 1;
    return latest(orderId);
  };
  const pauses: number[] = [];
  const ports = { ...world.ports, backOff: async (races: number) => void pauses.push(races) };
  const { outcomes, failures } = await advanceOrders(new Map([['o', [world.accepted()]]]), ports);
  return {
    outcome: outcomes.get('o'),
    failure: failures.get('o'),
    sent: world.sent(),
    pauses,
    read,
  };
}

it('a writer that lost races pauses after each, reads again and decides again', async () => {
  const { outcome, sent, pauses, read } = await startAfter(3);
  expect(outcome).toMatchObject({ changed: true, state: { status: 'running' } });
  expect(pauses).toEqual([1, 2, 3]);
  // The first time it decides on what it knows.
  expect(read).toBe(3);
  expect(sent).toEqual(['task A·1', 'order.started']);
});

it('a writer stores its entry although nineteen were faster', async () => {
  expect((await startAfter(19)).outcome).toMatchObject({ state: { status: 'running' } });
});

it('a writer whom twenty others beat gives the message back to its queue, and sends nothing', async () => {
  const { outcome, failure, sent } = await startAfter(20);
  expect(outcome).toBeUndefined();
  expect(failure?.message).toBe('order o: 20 writers were faster');
  expect(sent).toEqual([]);
});
