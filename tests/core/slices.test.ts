import { describe, expect, it } from '@jest/globals';
import { decide, placeOrder } from '../../src/core/decide.ts';
import type { OrderPlaced } from '../../src/core/event.ts';
import { sliceOf } from '../../src/core/for-each.ts';
import { shareOf, slicesFor, workflowOf } from '../../src/core/slices.ts';
import type { TaskStep } from '../../src/core/workflow.ts';
import { decision, given } from './order-specification.ts';
import { accepted, plugin, publish, workflow } from './vocabulary.ts';

describe('the concurrency of a list that is cut into slices', () => {
  it.each([
    // [at once in all, elements, slices, slices at once, elements of each at once]
    [1, 10_000, 200, 1, 1],
    [8, 10_000, 200, 8, 1],
    [200, 10_000, 200, 200, 1],
    [300, 10_000, 200, 150, 2],
    [500, 10_000, 200, 166, 3],
    [10_000, 10_000, 200, 200, 50],
    [3, 51, 2, 1, 2],
  ])(
    '%s of %s elements in %s slices: %s slices at once, %s elements of each',
    (most, count, slices, atOnce, each) => {
      expect(slicesFor(count)).toBe(slices);
      expect(shareOf(most, count)).toEqual({ slices: atOnce, each });
      expect(Math.min(atOnce, slices) * each).toBeLessThanOrEqual(most);
    },
  );

  it('is none where the step says none', () => {
    expect(shareOf(undefined, 10_000)).toEqual({ slices: Infinity });
  });
});

describe('the order that does a slice tolerates so many failures', () => {
  const lists = { 0: Array.from({ length: 120 }, (_, index) => index) };
  const stage = { activity: 0, stage: 'parallel', tasks: [], lists } as const;

  it.each([
    ['as its step does of the whole list', '10%', undefined, 12],
    ['none, where its step tolerates none', undefined, undefined, 0],
    ['all, where enough others may yet complete', '10%', 3, 120],
  ])('%s', (_, tolerate, enough, most) => {
    const step = { plugin: 'A', forEach: 'payload', ...(tolerate && { tolerate }) };
    const { activities, ...rest } = workflow({ parallel: [step] });
    const [activity] = activities.map((one) => ({ ...one, ...(enough && { enough }) }));
    expect(sliceOf(stage, { step: 0, element: 2 }, { ...rest, activities: [activity!] })).toEqual({
      activity: 0,
      step: 0,
      from: 100,
      tolerated: most,
    });
  });
});

describe('a slice can be undone if its elements can', () => {
  const forEach = '[1..51]';
  const compensating = plugin('A', { compensates: true });

  it.each<[string, TaskStep, boolean]>([
    ['a plugin that compensates', { plugin: 'A', forEach }, true],
    ['a plugin that does not', { plugin: 'B', forEach }, false],
    ['child orders, whose own matter it is', { workflow: 'other', forEach }, true],
    ['events, whatever a plugin of their name says', { waitFor: { event: 'A' }, forEach }, false],
  ])('%s', async (_, step, isUndoable) => {
    const plugins = [compensating, plugin('B')];
    const { state } = await given({ workflow: workflow({ parallel: [step] }), plugins })
      .when(accepted())
      .told();
    expect(state).toMatchObject({ stage: { tasks: [{ slice: true, byOrder: true }, {}] } });
    const tasks = 'stage' in state ? (state.stage?.tasks ?? []) : [];
    expect(tasks.map((task) => 'compensates' in task)).toEqual([isUndoable, isUndoable]);
  });
});

// Was: a slice took its list for the key under which each of its elements waits. Now: an element waits for what is sent to its order alone.
it('the elements of a slice may wait for events that have no key', async () => {
  const step = { waitFor: { event: 'paid' }, forEach: '[1..52]' };
  const definition = workflow({ parallel: [step] });
  const placed: OrderPlaced = {
    type: 'OrderPlaced',
    ...{ at: 0, orderId: 'o1~t2', input: [51, 52], attributes: {} },
    ...{ workflow: { name: 'w', version: 1 }, fingerprint: 'f' },
    ...{ parent: { orderId: 'o1', taskId: 't2', attempt: 1, depth: 1 } },
    slice: { activity: 0, step: 0, from: 50, tolerated: 0 },
  };
  const state = placeOrder(placed);
  const entry = { orderId: 'o1~t2', number: 0, at: 0, events: [placed], state };
  const context = { workflow: workflowOf(state, definition), plugins: new Map() };
  const decided = await decision([entry], [accepted()], context);
  // Its list is its input: no expression is asked for it.
  expect(decide(state, [accepted()], context).next()).toEqual({ done: true, value: decided });
  expect(decided.commands).toMatchObject([
    publish('order.started'),
    { type: 'AwaitEvent', orderId: 'o1~t2', taskId: 't1' },
    { type: 'AwaitEvent', orderId: 'o1~t2', taskId: 't2' },
  ]);
});
