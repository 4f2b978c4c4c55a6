import { expect, it } from '@jest/globals';
import type { Activity, PluginStep } from '../../src/core/workflow.ts';
import { advanceOrders } from '../../src/engine/engine.ts';
import { placeAll } from '../../src/engine/placing.ts';
import { roomWithoutLargest, within } from '../../src/engine/values-too-large.ts';
import type { Journal } from '../../src/ports/journal.ts';
import { TooLargeError } from '../../src/ports/too-large.ts';
import { createMemoryPorts } from '../ports/memory/ports.ts';
import { plugin } from '../ports/registry.contract.ts';
import { orderWorld } from './order-under-way.ts';

const NOW = Date.UTC(2026, 10, 21);

/** What becomes of an order as it starts, in a journal that takes states of up to 2,000 characters. */
async function start(parallel: Activity['parallel'], input: string) {
  const ports = createMemoryPorts(
    () => NOW,
    ['A', 'B', 'C'].map((name) => plugin(name, { registeredAt: 0 })),
  );
  ports.journal.append = taking(2000, ports.journal.append);
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

/** What the tasks of a stage of this order came to, as it starts with a payload of 600 characters. */
async function statuses(parallel: Activity['parallel']) {
  const state = await start(parallel, 'x'.repeat(600));
  if (state === undefined || !('stage' in state)) throw new Error(`it is ${state?.status}`);
  return state.stage.tasks.map(({ status }) => status);
}

const TWICE = 'payload & payload';

// Was: where one input did not fit, each expression beside it failed as well, and a `when` that was false failed its task.
// Now: only the largest values are refused, as many as the entry is too large by.
it('an input that does not fit fails its own task only', async () => {
  const beside = (step: PluginStep) =>
    statuses([{ plugin: 'A', input: TWICE, mandatory: false }, step, { plugin: 'C' }]);
  expect(await beside({ plugin: 'B', input: '"small"' })).toEqual([
    'failed',
    'inFlight',
    'inFlight',
  ]);
  expect(await beside({ plugin: 'B', when: 'true' })).toEqual(['failed', 'inFlight', 'inFlight']);
  expect(await beside({ plugin: 'B', when: 'false' })).toEqual(['failed', 'skipped', 'inFlight']);
});

it('of inputs that fit by themselves and not together, the largest fail', async () => {
  const steps = [
    { plugin: 'A', input: '$substring(payload, 0, 100)' },
    { plugin: 'B', input: '$substring(payload, 0, 450)', mandatory: false },
    { plugin: 'C', input: '$substring(payload, 0, 250)', mandatory: false },
  ];
  expect(await statuses(steps)).toEqual(['inFlight', 'failed', 'inFlight']);
});

it('where what is large packs well, more of them fail until the entry fits', async () => {
  // The journal says that it is too large by little: a value saves half of its length.
  const error = new TooLargeError('the entry', 2500, 2000);
  const values = [{ value: 'x'.repeat(600) }, { error: 'no' }, { value: 'x'.repeat(700) }];
  const room = roomWithoutLargest(values, error);
  expect(within(room, values)).toEqual([
    values[0],
    values[1],
    { error: expect.stringMatching(/^its value does not fit: the entry is 2500 bytes/) },
  ]);
  const next = roomWithoutLargest(within(room, values), new TooLargeError('the entry', 2100, 2000));
  expect(within(next, values).map((one) => 'error' in one)).toEqual([true, true, true]);
});

it('letters count as many bytes as they take', () => {
  const error = new TooLargeError('the entry', 2250, 2000);
  expect(roomWithoutLargest([{ value: 'é'.repeat(200) }], error)?.refusedFrom).toBe(402);
});

it('a value goes that is just as large as what there is too much of', () => {
  const error = new TooLargeError('the entry', 2402, 2000);
  const values = [{ value: 'x'.repeat(400) }, { value: 'x' }];
  expect(roomWithoutLargest(values, error)?.refusedFrom).toBe(402);
});

it('values that are too small to matter are left alone', () => {
  const error = new TooLargeError('the entry', 3000, 2000);
  expect(roomWithoutLargest([{ value: 'x'.repeat(600) }, { error: 'no' }], error)).toBe(undefined);
});

it('where there is room, every value is as it was', () => {
  const values = [{ value: 1 }, { error: 'no' }];
  expect(within(undefined, values)).toBe(values);
});

// Was: a result that fits failed its task where the next task's input, made of it, did not fit. Now: that next task fails.
it('a result that fits is not charged for the input that is made of it', async () => {
  const pre = [{ plugin: 'A' }, { plugin: 'B', input: TWICE }];
  const { advance, completed } = await started([{ name: 'make', pre, parallel: [], post: [] }]);
  expect(await advance('o', completed('t1', 'x'.repeat(600)))).toMatchObject({
    status: 'failed',
    error: { code: 'EXPRESSION_FAILED', task: 'B', attempt: 0 },
  });
});

it('a result that does not fit by itself is charged, whatever inputs are made of it', async () => {
  const pre = [{ plugin: 'A' }, { plugin: 'B', input: '$substring(payload, 0, 10)' }];
  const { advance, completed } = await started([{ name: 'make', pre, parallel: [], post: [] }]);
  expect(await advance('o', completed('t1', 'x'.repeat(2000)))).toMatchObject({
    status: 'failed',
    error: { code: 'RESULT_TOO_LARGE', task: 'A', attempt: 1 },
  });
});

/** An order whose first task is in flight, in a journal that takes states of up to 2,000 characters. */
async function started(activities: readonly Activity[]) {
  const world = await orderWorld(activities);
  const { journal } = world.ports;
  journal.append = taking(2000, journal.append);
  await world.place('o');
  await world.advance('o', world.accepted());
  return world;
}

function taking(limit: number, append: Journal['append']): Journal['append'] {
  return async (entry, previous) => {
    const size = JSON.stringify(entry.state).length;
    if (size > limit) throw new TooLargeError('the entry', size, limit);
    return append(entry, previous);
  };
}
