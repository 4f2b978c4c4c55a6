import { expect, it } from '@jest/globals';
import type { OrderEvent } from '../../src/core/event.ts';
import { given } from './order-specification.ts';
import {
  accepted,
  completed,
  deadLettered,
  expired,
  failedForGood,
  failedUntil,
  heartbeat,
  plugins,
  workflow,
} from './vocabulary.ts';

const setting = { workflow: workflow({ pre: ['A', 'B'] }), plugins: plugins('A', 'B') };
const by = (plugin: string, event: OrderEvent) => ({ ...event, by: plugin }) as OrderEvent;

it.each([
  completed('t1', 5),
  failedForGood('t1'),
  heartbeat('t1', 2),
  expired('t1', 2),
  deadLettered('t1', 2),
])('a $type of another plugin changes nothing', async (event) => {
  await given(setting, accepted())
    .when(by('B', event))
    .thenNothingHappens("the task is another plugin's");
});

it('nor does it while the task backs off', async () => {
  await given(setting, accepted(), failedUntil('t1', 9))
    .when(by('B', completed('t1', 5)))
    .thenNothingHappens("the task is another plugin's");
});

it("a result of the task's own plugin counts", async () => {
  const { state } = await given(setting, accepted())
    .when(by('A', completed('t1', 5)))
    .told();
  expect(state).toMatchObject({ status: 'running', payload: 5 });
});
