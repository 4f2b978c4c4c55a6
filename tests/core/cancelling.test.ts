import { describe, expect, it } from '@jest/globals';
import { tasksOf } from '../../src/core/task-records.ts';
import { given } from './order-specification.ts';
import {
  accepted,
  cancelRequested,
  completed,
  disarm,
  failedUntil,
  plugins,
  publish,
  seconds,
  workflow,
} from './vocabulary.ts';

const setting = {
  workflow: workflow({ pre: ['A'], parallel: ['A', 'B'], post: [{ waitSeconds: 9 }] }),
  plugins: plugins('A', 'B'),
};
const parallel = [accepted(), completed('t1', 1)];

describe('an order that a client wants cancelled', () => {
  it.each([
    ['has not started', []],
    ['is running', [accepted()]],
    ['backs off', [accepted(), failedUntil('t1', 9)]],
    ['is in a parallel stage', parallel],
    ['is waiting', [...parallel, completed('t2', 2), completed('t3', 3)]],
  ])('is cancelled at once while it %s', async (_, past) => {
    await given(setting, ...past)
      .when(cancelRequested(seconds(3), 'no longer needed'))
      .then({
        status: 'cancelled',
        state: { reason: 'no longer needed', endedAt: seconds(3) },
        commands: [disarm, publish('order.cancelled')],
      });
  });

  it('needs no reason', async () => {
    const { state } = await given(setting, accepted()).when(cancelRequested()).told();
    expect(state).not.toHaveProperty('reason');
  });

  it('abandons what was open, and keeps what was done', async () => {
    const order = given(setting, ...parallel, completed('t2', 2), cancelRequested());
    expect(tasksOf((await order.told()).journal)).toMatchObject([
      { job: 'A', status: 'completed' },
      { job: 'A#2', status: 'completed', result: 2 },
      { job: 'B', status: 'abandoned' },
    ]);
  });

  it('ignores the results that come afterwards', async () => {
    await given(setting, accepted(), cancelRequested())
      .when(completed('t1', 1))
      .thenNothingHappens('the order has ended: cancelled');
  });
});
