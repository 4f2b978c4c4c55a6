import { describe, expect, it } from '@jest/globals';
import type { ActRequested } from '../../src/core/event.ts';
import { given } from './order-specification.ts';
import {
  accepted,
  arm,
  completed,
  deadlinePassed,
  dispatch,
  failedForGood,
  pauseRequested,
  plugin,
  plugins,
  publish,
  seconds,
  workflow,
} from './vocabulary.ts';

const inARow = { workflow: workflow({ pre: ['A', 'B'] }), plugins: plugins('A', 'B') };
const WEEK = 7 * 86_400;

describe('others are told', () => {
  it('who asked for an act, why, and in which entry it stands', async () => {
    const asked = pauseRequested(seconds(1)) as ActRequested;
    await given(inARow, accepted())
      .when({ ...asked, actor: 'operator ada', reason: 'no stock' })
      .then({
        status: 'paused',
        commands: [
          publish('order.paused', { entry: 2, actor: 'operator ada', reason: 'no stock' }),
        ],
      });
  });

  it('with which task an order has paused instead of failing, whatever failed beside it', async () => {
    const parallel = [{ plugin: 'A', mandatory: false }, 'C', 'B'];
    const setting = {
      workflow: { ...workflow({ parallel }), pauseOnFailure: true as const },
      plugins: plugins('A', 'B', 'C'),
    };
    const past = [accepted(), failedForGood('t1'), completed('t2', 'c')];
    const { last } = await given(setting, ...past)
      .when(failedForGood('t3', seconds(1)))
      .told();
    expect(last.commands).toContainEqual(
      expect.objectContaining({
        fact: expect.objectContaining({ type: 'order.paused', task: 'B', entry: 4 }),
      }),
    );
  });

  it('once: not again when somebody is asked to look at it', async () => {
    const setting = { ...inARow, workflow: { ...inARow.workflow, pauseOnFailure: true as const } };
    await given(setting, accepted(), failedForGood('t1', seconds(1)))
      .when(deadlinePassed(seconds(1 + WEEK)))
      .then({ status: 'paused', commands: [arm(seconds(1 + 2 * WEEK))] });
  });

  it('only of the act, where somebody pauses an order of which a task has failed already', async () => {
    const both = { workflow: workflow({ parallel: ['A', 'B'] }), plugins: plugins('A', 'B') };
    const { last } = await given(both, accepted(), failedForGood('t1'))
      .when(pauseRequested(seconds(2)))
      .told();
    const facts = last.commands.filter(({ type }) => type === 'PublishLifecycle');
    expect(facts).toMatchObject([publish('order.paused', { entry: 3 })]);
    expect(facts[0]).not.toHaveProperty('fact.error');
  });
});

describe('what undoes a job', () => {
  const setting = { ...inARow, plugins: [plugin('A', { compensates: true }), plugin('B')] };
  const past = [accepted(), completed('t1', 'a')];

  it('gets that job’s own input, which its message does not take from the payload', async () => {
    await given(setting, ...past)
      .when(failedForGood('t2', seconds(1)))
      .then({
        status: 'compensating',
        commands: [
          publish('order.compensating'),
          publish('task.failed'),
          dispatch('undo A', { input: null, ownInput: true }),
        ],
      });
  });

  it('is itself not undone, and has had no attempts before', async () => {
    const { state } = await given(setting, ...past, failedForGood('t2')).told();
    const [undoing] = 'stage' in state ? (state.stage?.tasks ?? []) : [];
    expect(undoing).toMatchObject({ job: 'undo A', undoes: 'A' });
    expect(undoing).not.toHaveProperty('compensates');
    expect(undoing).not.toHaveProperty('givenBack');
  });
});
