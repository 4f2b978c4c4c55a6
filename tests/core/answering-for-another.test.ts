import { expect, it } from '@jest/globals';
import { decide, placeOrder } from '../../src/core/decide.ts';
import type { OrderEvent } from '../../src/core/event.ts';
import type { OrderState } from '../../src/core/order.ts';
import type { Plugin, Plugins } from '../../src/core/plugin.ts';
import { DEFAULT_POLICY } from '../../src/core/retry.ts';
import { activitiesOf } from '../../src/core/workflow.ts';

const workflow = { name: 'one', version: 1, on: [], activities: activitiesOf(['A']) };
const plugins: Plugins = new Map(
  ['A', 'B'].map((name): [string, Plugin] => [
    name,
    {
      ...DEFAULT_POLICY,
      name,
      joins: [],
      history: false,
      concurrency: { base: 2, ceiling: 2 },
      owner: 'stack',
      queueUrl: `queue/${name}`,
      queueArn: `arn/${name}`,
      registeredAt: 0,
    },
  ]),
);

function after(state: OrderState, event: OrderEvent) {
  const deciding = decide(state, [event], { workflow, plugins });
  let step = deciding.next([]);
  // All that it may ask is whether it has seen the event before.
  while (!step.done) step = deciding.next([]);
  return step.value;
}

const placed = placeOrder({
  type: 'OrderPlaced',
  at: 0,
  orderId: 'o',
  input: 1,
  attributes: {},
  workflow: { name: 'one', version: 1 },
  fingerprint: '',
});
const started = after(placed, { type: 'OrderAccepted', at: 1 }).state;
const answer = { at: 2, taskId: 't1', attempt: 1 };

it.each([
  { type: 'TaskCompleted', ...answer, by: 'B', result: 5 },
  { type: 'TaskFailed', ...answer, by: 'B', error: { code: 'X', message: 'x' }, retry: 'never' },
  { type: 'TaskHeartbeat', ...answer, sentAt: 2, by: 'B' },
] satisfies OrderEvent[])('a $type of another plugin changes nothing', (event) => {
  const { state, ignored } = after(started, event);
  expect(state).toBe(started);
  expect(ignored).toEqual([{ event, reason: "the task is another plugin's" }]);
});

it("a result of the task's own plugin counts", () => {
  const { state } = after(started, { type: 'TaskCompleted', ...answer, by: 'A', result: 5 });
  expect(state).toMatchObject({ status: 'completed', result: 5 });
});
