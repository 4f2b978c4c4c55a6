import { expect, it } from '@jest/globals';
import { activitiesOf } from '../../src/core/workflow.ts';
import { placeAll } from '../../src/engine/placing.ts';
import { sweep } from '../../src/engine/sweep.ts';
import { createMemoryPorts } from '../ports/memory/ports.ts';
import { plugin } from '../ports/registry.contract.ts';

const T0 = Date.UTC(2026, 10, 21);

// Was: the sweep took away what the repeated request had found there, and nobody looked after the order. Now: it is added again.
it('an order placed again in the midst of a sweep that tidies up after the first request is looked after', async () => {
  let now = T0;
  const ports = createMemoryPorts(() => now, [plugin('A', { registeredAt: 0 })]);
  const definition = { name: 'some', on: [], activities: activitiesOf(['A']) };
  const { workflow } = await ports.workflows.put(definition);
  const ref = { name: workflow.name, version: workflow.version };
  // The first request died before entry 0.
  await ports.activeOrders.add({ orderId: 'o', workflow: ref, acceptedAt: T0, wakeUpAt: T0 });
  now += 120_000;
  const { append } = ports.journal;
  ports.journal.append = async (entry) => {
    ports.journal.append = append;
    expect(await sweep(ports)).toMatchObject({ repaired: 1 });
    return append(entry);
  };
  const placed = { type: 'OrderPlaced', at: now, orderId: 'o', fingerprint: '' } as const;
  await placeAll([{ ...placed, input: 1, attributes: {}, workflow: ref }], ports);
  const active: string[] = [];
  for await (const page of ports.activeOrders.pages()) {
    active.push(...page.map(({ orderId }) => orderId));
  }
  expect(active).toEqual(['o']);
});
