import { expect, it } from '@jest/globals';
import type { Plugin } from '../../src/core/plugin.ts';
import { activitiesOf } from '../../src/core/workflow.ts';
import { advanceOrders } from '../../src/engine/engine.ts';
import { placeAll } from '../../src/engine/placing.ts';
import { createMemoryPorts } from '../ports/memory/ports.ts';
import { plugin } from '../ports/registry.contract.ts';

const NOW = Date.UTC(2026, 10, 21);

/** Starts an order of A and B. @returns what became of it, and the names for which the registry was asked. */
async function startWith(registered: readonly Plugin[]) {
  const ports = createMemoryPorts(() => NOW, registered);
  const current = ports.registry.plugins;
  const named = new Set<string>();
  ports.registry.plugins = async (options) => {
    for (const name of options?.naming ?? []) named.add(name);
    return current(options);
  };
  const activities = activitiesOf(['A', 'B']);
  const { workflow } = await ports.workflows.put({ name: 'some', on: [], activities });
  const ref = { name: workflow.name, version: workflow.version };
  const placed = { type: 'OrderPlaced', at: NOW, orderId: 'o', fingerprint: '' } as const;
  await placeAll([{ ...placed, input: 1, attributes: {}, workflow: ref }], ports);
  const events = [{ type: 'OrderAccepted', at: NOW } as const];
  const { outcomes } = await advanceOrders(new Map([['o', events]]), ports);
  return { outcome: outcomes.get('o'), named };
}

// Was: the attempts went by within the seconds for which an instance remembers the registrations, and the order failed.
// Now: the registry is asked by name, and looks again for those that it does not know (tests/ports/registry.contract.ts).
it('an order asks the registry for the plugins that its workflow names', async () => {
  const { outcome, named } = await startWith([plugin('A'), plugin('B')]);
  expect(outcome).toMatchObject({ state: { stage: { tasks: [{ status: 'inFlight' }] } } });
  expect([...named].sort()).toEqual(['A', 'B']);
});

it('the task of an unknown plugin backs off', async () => {
  const { outcome } = await startWith([plugin('B')]);
  expect(outcome).toMatchObject({
    state: {
      stage: { tasks: [{ status: 'backingOff', error: { code: 'PLUGIN_NOT_REGISTERED' } }] },
    },
  });
});
