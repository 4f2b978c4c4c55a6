import { expect, it } from '@jest/globals';
import type { OrderState } from '../../src/core/order.ts';
import { placesAwaitedNoMore } from '../../src/engine/awaited-places.ts';

/** An order whose tasks, each in its attempt, wait for payments under their keys. */
const waiting = (...tasks: (readonly [taskId: string, attempt: number, key?: string])[]) =>
  ({
    ...{ orderId: 'o', status: 'running' },
    stage: {
      tasks: tasks.map(([taskId, attempt, input]) => ({
        ...{ status: 'inFlight', awaits: true, plugin: 'paid', taskId, attempt },
        ...(input !== undefined && { input }),
      })),
    },
  }) as unknown as OrderState;

const before = waiting(['t1', 1, 'R-17'], ['t2', 1, 'R-18'], ['t3', 1]);

it.each([
  ['all of them still do', before, []],
  ['nothing is awaited any more', waiting(), ['t1·1', 't2·1']],
  ['one of them still does', waiting(['t2', 1, 'R-18']), ['t1·1']],
  ['one does so in another attempt', waiting(['t1', 2, 'R-17'], ['t2', 1, 'R-18']), ['t1·1']],
])('tasks that waited under a key wait no longer, unless they still do: %s', (_, after, left) => {
  const places = placesAwaitedNoMore(before, after);
  expect(places.map(({ taskId, attempt }) => `${taskId}·${attempt}`)).toEqual(left);
});
