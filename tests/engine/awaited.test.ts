import { expect, it } from '@jest/globals';
import { activitiesOf } from '../../src/core/workflow.ts';
import { advanceOrders } from '../../src/engine/engine.ts';
import { placeAll } from '../../src/engine/placing.ts';
import type { OutgoingMessage } from '../../src/ports/messenger.ts';
import { createMemoryPorts } from '../ports/memory/ports.ts';
import { plugin } from '../ports/registry.contract.ts';

const NOW = Date.UTC(2026, 10, 21);

/** What is sent when orders, each with A, B and C at once, start in one batch. */
async function sentFor(orderIds: readonly string[], switchedOff: readonly string[]) {
  const plugins = ['A', 'B', 'C'].map((name) =>
    plugin(name, {
      registeredAt: 0,
      ...(switchedOff.includes(name) ? { switchedOff: true } : {}),
    }),
  );
  const ports = createMemoryPorts(() => NOW, plugins);
  const activities = activitiesOf([['A', 'B', 'C']]);
  const { workflow } = await ports.workflows.put({ name: 'some', on: [], activities });
  const placed = { type: 'OrderPlaced', at: NOW, fingerprint: '', input: 1 } as const;
  const ref = { name: workflow.name, version: workflow.version };
  const orders = orderIds.map((orderId) => ({ ...placed, orderId, workflow: ref, attributes: {} }));
  await placeAll(orders, ports);
  ports.messenger.sent.splice(0);
  const accepted = { type: 'OrderAccepted', at: NOW } as const;
  await advanceOrders(new Map(orderIds.map((orderId) => [orderId, [accepted]])), ports);
  return ports.messenger.sent;
}

const awaitedIn = (messages: readonly OutgoingMessage[]) =>
  messages.flatMap((outgoing) =>
    outgoing.to === 'lifecycle' && outgoing.body.type === 'plugin.awaited'
      ? [outgoing.body.plugin]
      : [],
  );

it('a task for a plugin that is switched off says so, once for all orders of a batch', async () => {
  const sent = await sentFor(['o1', 'o2', 'o3'], ['B', 'C']);
  expect(awaitedIn(sent)).toEqual(['B', 'C']);
  expect(sent.filter(({ to }) => to === 'broadcast')).toHaveLength(3);
});

it('nobody is called while all are on', async () => {
  expect(awaitedIn(await sentFor(['o1'], []))).toEqual([]);
});
