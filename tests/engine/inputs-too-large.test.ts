import { expect, it } from '@jest/globals';
import type { Activity } from '../../src/core/workflow.ts';
import { advanceOrders } from '../../src/engine/engine.ts';
import { placeAll } from '../../src/engine/placing.ts';
import { TooLargeError } from '../../src/ports/too-large.ts';
import { createMemoryPorts } from '../ports/memory/ports.ts';
import { plugin } from '../ports/registry.contract.ts';

const NOW = Date.UTC(2026, 10, 21);

/** What becomes of an order as it starts, in a journal that takes states of up to 2,000 characters. */
async function start(parallel: Activity['parallel'], input: string) {
  const ports = createMemoryPorts(
    () => NOW,
    ['A', 'B', 'C'].map((name) => plugin(name, { registeredAt: 0 })),
  );
  const { append } = ports.journal;
  ports.journal.append = async (entry) => {
    const size = JSON.stringify(entry.state).length;
    if (size > 2000) throw new TooLargeError('the entry', size, 2000);
    return append(entry);
  };
  const activities = [{ name: 'make', pre: [], parallel, post: [] }];
  const { workflow } = await ports.workflows.put({ name: 'some', on: [], activities });
  const ref = { name: workflow.name, version: workflow.version };
  const placed = { type: 'OrderPlaced', at: NOW, orderId: 'o', fingerprint: '' } as const;
  await placeAll([{ ...placed, input, attributes: {}, workflow: ref }], ports);
  const events = [{ type: 'OrderAccepted', at: NOW } as const];
  const { outcomes, failures } = await advanceOrders(new Map([['o', events]]), ports);
  expect(failures).toEqual(new Map());
  const outcome = outcomes.get('o');
  return outcome?.known ? outcome.state : undefined;
}

// Was: nothing but a result was ever to blame, so that the order came again and again and never ended. Now: its tasks fail.
it('an order whose tasks have inputs of their own that do not fit fails', async () => {
  const own = ['A', 'B', 'C'].map((name) => ({ plugin: name, input: '$string(payload)' }));
  expect(await start(own, 'x'.repeat(600))).toMatchObject({
    status: 'failed',
    error: {
      code: 'EXPRESSION_FAILED',
      message: expect.stringMatching(/^input: its value does not fit: the entry is \d+ bytes/),
      task: 'A',
      attempt: 0,
    },
  });
});

it('an order whose inputs fit runs', async () => {
  const own = [{ plugin: 'A', input: 'payload' }, { plugin: 'B' }];
  expect(await start(own, 'x'.repeat(600))).toMatchObject({ status: 'running' });
});
