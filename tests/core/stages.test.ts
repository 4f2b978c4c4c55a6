import { describe, expect, it } from '@jest/globals';
import { isSequential } from '../../src/core/stage.ts';
import { RUN_STAGES } from '../../src/core/workflow.ts';
import { given, typesOf } from './order-specification.ts';
import type { Stages } from './vocabulary.ts';
import {
  accepted,
  completed,
  deadlinePassed,
  dispatch,
  failedForGood,
  plugins,
  seconds,
  todo,
  workflow,
} from './vocabulary.ts';

const registered = plugins('A', 'B', 'C', 'D', 'E');
const of = (...activities: readonly Stages[]) => ({
  workflow: workflow(...activities),
  plugins: registered,
});

describe('the stages of an activity', () => {
  const setting = of({ pre: ['A', 'B'], parallel: ['C', 'D'], post: ['E'] });

  it('run one after another: pre in order, parallel all at once, post last', async () => {
    await given(setting)
      .when(accepted())
      .then({ status: 'running', commands: [{}, dispatch('A', { input: 5, stage: 'pre' })] });
    await given(setting, accepted())
      .when(completed('t1', 'a'))
      .then({ status: 'running', commands: [dispatch('B', { input: 'a', done: ['A'] })] });
    await given(setting, accepted(), completed('t1', 'a'))
      .when(completed('t2', 'b'))
      .then({
        status: 'running',
        commands: [dispatch('C', { input: 'b', stage: 'parallel' }), dispatch('D', { input: 'b' })],
      });
    const parallel = given(
      setting,
      accepted(),
      completed('t1', 'a'),
      completed('t2', 'b'),
      completed('t4', 'd'),
    );
    await parallel.when(completed('t3', 'c')).then({
      status: 'running',
      commands: [dispatch('E', { input: { C: 'c', D: 'd' }, stage: 'post' })],
    });
  });

  it.each([
    ...(['pre', 'post', 'onFailure', 'choose'] as const).map((stage) => [stage, true] as const),
    ...(['parallel', 'undo'] as const).map((stage) => [stage, false] as const),
  ])('have their tasks one after another: %s, %s', (stage, isInARow) => {
    expect(isSequential(stage)).toBe(isInARow);
  });

  it('are among all that an order may stand in', () => {
    expect(RUN_STAGES).toEqual(['choose', 'pre', 'parallel', 'post', 'onFailure', 'undo']);
  });

  it('give the result of the last task, or of the last parallel stage', async () => {
    await given(of({ pre: ['A'] }), accepted())
      .when(completed('t1', 'a'))
      .then({ status: 'completed', state: { result: 'a' } });
    await given(of({ parallel: ['A', 'B'] }), accepted())
      .when(completed('t1', 'a'), completed('t2', 'b'))
      .then({ status: 'completed', state: { result: { A: 'a', B: 'b' } } });
  });

  it('that are empty are passed over, from activity to activity', async () => {
    const order = given(of({ post: ['A'] }, { parallel: ['B'] }, { pre: ['C'] }), accepted());
    await order.when(completed('t1', 1)).then({ status: 'running', commands: [dispatch('B')] });
  });

  it('a parallel result is in the order of the stage, whichever came first', async () => {
    const order = given(of({ parallel: ['C', 'A', 'B'] }), accepted(), completed('t3', 3));
    const { state } = await order.when(completed('t2', 2), completed('t1', 1)).told();
    expect(Object.keys((state as unknown as { result: object }).result)).toEqual(['C', 'A', 'B']);
  });

  it('a result of null is a result', async () => {
    await given(of({ parallel: ['A', 'B'] }), accepted(), completed('t1', null))
      .when(completed('t2', 2))
      .then({ status: 'completed', state: { result: { A: null, B: 2 } } });
  });
});

it('a workflow without an activity cannot be started', async () => {
  await expect(given(of(), accepted()).told()).rejects.toThrow('workflow w has no stage');
});

describe('an order with a hundred tasks', () => {
  it('goes through them all, numbered without gaps', async () => {
    const places = Array.from({ length: 100 }, () => 'A');
    const results = places.map((_, index) => completed(`t${index + 1}`, index + 1));
    const { state, journal } = await given(
      { workflow: todo(...places), plugins: registered },
      accepted(),
      ...results,
    ).told();
    expect(state).toMatchObject({ status: 'completed', result: 100 });
    expect(journal.map(({ number }) => number)).toEqual([...Array(102).keys()]);
  });
});

describe('a wait', () => {
  const wait = { waitSeconds: 600 };

  it('keeps the order waiting, and then the next task starts', async () => {
    const order = given(of({ pre: ['A', wait, 'B'] }), accepted());
    const waiting = order.when(completed('t1', 7, seconds(10)));
    await waiting.then({ status: 'waiting', state: { payload: 7 } });
    expect(typesOf((await waiting.told()).last.commands)).toEqual(['SetTimer']);
    const past = [accepted(), completed('t1', 7, seconds(10)), deadlinePassed(seconds(60))];
    const still = given(of({ pre: ['A', wait, 'B'] }), ...past);
    await still.when(deadlinePassed(seconds(609))).thenNothingHappens('nothing was due');
    await still.when(deadlinePassed(seconds(610))).then({
      status: 'running',
      commands: [{ type: 'ArmDeadline' }, dispatch('B', { input: 7, taskId: 't2' })],
    });
  });

  it('may be the first and the last of an order', async () => {
    const order = given(of({ pre: [wait] }), accepted());
    expect((await order.told()).state.status).toBe('waiting');
    await order
      .when(deadlinePassed(seconds(600)))
      .then({ status: 'completed', state: { result: 5 } });
  });

  it('before another keeps the order waiting', async () => {
    expect((await given(of({ pre: [wait, wait] }), accepted()).told()).state.status).toBe(
      'waiting',
    );
  });

  it('after another begins when that one is over', async () => {
    const order = given(of({ post: [wait, { waitSeconds: 5 }] }), accepted());
    await order.when(deadlinePassed(seconds(700))).then({
      status: 'waiting',
      commands: [
        { type: 'ArmDeadline', at: seconds(705) },
        { type: 'SetTimer', at: seconds(705) },
      ],
    });
  });

  it('in a parallel stage lasts at least as long as the tasks beside it', async () => {
    const setting = of({ parallel: ['A', wait, 'B'], post: ['C'] });
    const order = given(setting, accepted(), completed('t1', 1));
    expect((await order.told()).state.status).toBe('running');
    await order.when(completed('t2', 2)).then({ status: 'waiting', commands: [] });
    await given(setting, accepted(), completed('t1', 1), completed('t2', 2))
      .when(deadlinePassed(seconds(600)))
      .then({ status: 'running', commands: [{}, dispatch('C', { input: { A: 1, B: 2 } })] });
  });

  it('alone in a parallel stage hands on what the stage got', async () => {
    await given(of({ parallel: [wait] }), accepted())
      .when(deadlinePassed(seconds(600)))
      .then({ status: 'completed', state: { result: 5 } });
  });

  it('that is over while a task beside it backs off does not end the stage', async () => {
    const setting = of({ parallel: ['A', wait] });
    await given(setting, accepted())
      .when(deadlinePassed(seconds(600)))
      .then({ status: 'running' });
  });

  it('in a parallel stage does not hold back a mandatory failure for ever', async () => {
    const order = given(of({ parallel: ['A', wait] }), accepted(), failedForGood('t1'));
    expect((await order.told()).state.status).toBe('waiting');
    await order.when(deadlinePassed(seconds(600))).then({ status: 'failed' });
  });

  it('is not passed over by the sweeper that starts the order late', async () => {
    await given(of({ pre: [wait, 'A'] }))
      .when(deadlinePassed(seconds(1000)))
      .then({ status: 'waiting', state: { wakeUp: { at: seconds(1600) } } });
  });
});
