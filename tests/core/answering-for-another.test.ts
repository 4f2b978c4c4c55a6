import { expect, it } from '@jest/globals';
import type { OrderEvent } from '../../src/core/event.ts';
import { isInFlight } from '../../src/core/stage-tasks.ts';
import { given } from './order-specification.ts';
import {
  accepted,
  completed,
  deadLettered,
  deadlinePassed,
  expired,
  failedForGood,
  failedUntil,
  heartbeat,
  plugin,
  plugins,
  retriedAtOnce,
  seconds,
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
    .when(by('A', completed('t1', 7)))
    .told();
  expect(state).toMatchObject({ status: 'running', payload: 7 });
});

it('an attempt is awaited of its own plugin, under its own number, while it is in flight', async () => {
  const attempt = { taskId: 't1', attempt: 1, plugin: 'A' };
  const { state } = await given(setting, accepted()).told();
  expect(isInFlight(state, attempt)).toBe(true);
  expect(isInFlight(state, { ...attempt, plugin: 'B' })).toBe(false);
  expect(isInFlight(state, { ...attempt, attempt: 2 })).toBe(false);
  expect(isInFlight(state, { ...attempt, taskId: 't2' })).toBe(false);
  const backingOff = await given(setting, accepted(), failedUntil('t1', 9)).told();
  expect(isInFlight(backingOff.state, attempt)).toBe(false);
  expect(isInFlight((await given(setting).told()).state, attempt)).toBe(false);
});

it('an answer is told by its task, whatever else is in flight', async () => {
  const parallel = { ...setting, workflow: workflow({ parallel: ['A', { waitSeconds: 9 }, 'B'] }) };
  await given(parallel, accepted())
    .when(by('A', completed('t2', 5)))
    .thenNothingHappens("the task is another plugin's");
  await given(parallel, accepted())
    .when(by('A', completed('t9', 5)))
    .thenNothingHappens('the task is not open');
  for (const event of [by('B', completed('t2', 5)), by('A', completed('t1', 5))]) {
    const { last } = await given(parallel, accepted()).when(event).told();
    expect(last.applied).toEqual([event]);
  }
});

// Was: what another plugin said of a task of which nobody knew what it had done was undone, though it was not done.
it.each([
  ['failed', failedForGood('t1', 1), 'the order has ended: failed'],
  ['ran out of time', deadlinePassed(seconds(60)), 'the order has ended: failed'],
])('nor does it when the order is undone, and the task %s', async (_, end, why) => {
  const able = ['A', 'B'].map((name) =>
    plugin(name, { compensates: true, timeoutSeconds: 20, ...retriedAtOnce(1) }),
  );
  const past = [accepted(), end];
  await given({ ...setting, plugins: able }, ...past)
    .when(by('B', completed('t1', 'mine', seconds(90))))
    .thenNothingHappens(why);
  await given({ ...setting, plugins: able }, ...past)
    .when(by('A', completed('t1', 'mine', seconds(90))))
    .then({ status: 'compensating' });
});

it('nor does a plugin that is called as the workflow of a child order', async () => {
  const child = {
    workflow: workflow({ pre: [{ workflow: 'B', timeoutSeconds: 20 }] }),
    plugins: [],
  };
  const past = [accepted(), deadlinePassed(seconds(60))];
  await given(child, ...past)
    .when(by('B', completed('t1', 'mine', seconds(90))))
    .thenNothingHappens('the order has ended: failed');
  await given(child, ...past)
    .when(completed('t1', 'mine', seconds(90)))
    .then({ status: 'compensating' });
});
