import { expect, it } from '@jest/globals';
import type { Plugin } from '../../src/core/plugin.ts';
import { activitiesOf } from '../../src/core/workflow.ts';
import { advanceOrders } from '../../src/engine/engine.ts';
import { placeAll } from '../../src/engine/placing.ts';
import { createMemoryPorts } from '../ports/memory/ports.ts';
import { plugin } from '../ports/registry.contract.ts';

const NOW = Date.UTC(2026, 10, 21);

/** Starts an order of A and B on an instance that still remembers the plugins of before. */
async function startWith(registered: readonly Plugin[], remembered: readonly Plugin[]) {
  const ports = createMemoryPorts(() => NOW, registered);
  const current = ports.registry.plugins;
  let looks = 0;
  ports.registry.plugins = async (options) => {
    if (!options?.fresh) return new Map(remembered.map((one) => [one.name, one]));
    looks += 1;
    return current(options);
  };
  const activities = activitiesOf(['A', 'B']);
  const { workflow } = await ports.workflows.put({ name: 'some', on: [], activities });
  const ref = { name: workflow.name, version: workflow.version };
  const placed = { type: 'OrderPlaced', at: NOW, orderId: 'o', fingerprint: '' } as const;
  await placeAll([{ ...placed, input: 1, attributes: {}, workflow: ref }], ports);
  const events = [{ type: 'OrderAccepted', at: NOW } as const];
  const { outcomes } = await advanceOrders(new Map([['o', events]]), ports);
  return { outcome: outcomes.get('o'), looks };
}

const [A, B] = [plugin('A'), plugin('B')];

// Was: the attempts went by within the seconds for which an instance remembers the registrations, and the order failed. Now: it looks.
it('a plugin that was deployed a moment ago gets its task at once', async () => {
  const { outcome } = await startWith([A, B], [B]);
  expect(outcome).toMatchObject({ state: { stage: { tasks: [{ status: 'inFlight' }] } } });
});

it('a plugin that there is not is looked for, and its task backs off', async () => {
  const { outcome, looks } = await startWith([B], [B]);
  expect(looks).toBe(1);
  expect(outcome).toMatchObject({
    state: {
      stage: { tasks: [{ status: 'backingOff', error: { code: 'PLUGIN_NOT_REGISTERED' } }] },
    },
  });
});

it('nobody looks while all are known', async () => {
  expect((await startWith([A, B], [A, B])).looks).toBe(0);
});
