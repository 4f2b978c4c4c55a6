import { describe, expect, it } from '@jest/globals';
import { historyOf, tasksOf } from '../../src/core/task-records.ts';
import { given } from './order-specification.ts';
import { accepted, completed, dispatch, plugins, publish, todo } from './vocabulary.ts';

/** A adds 2, B doubles. */
const arithmetic = plugins('A', 'B');

describe('an ad-hoc order runs its todo', () => {
  it('5 with A, B gives 14', async () => {
    const order = given(
      { workflow: todo('A', 'B'), plugins: arithmetic, input: 5 },
      accepted(),
      completed('t1', 7),
      completed('t2', 14),
    );
    const { state, journal } = await order.told();
    expect(state).toMatchObject({ status: 'completed', result: 14 });
    expect(historyOf(journal)).toEqual({
      input: 5,
      jobs: { A: { input: 5, result: 7 }, B: { input: 7, result: 14 } },
    });
    expect(tasksOf(journal)).toMatchObject([
      {
        taskId: 't1',
        job: 'A',
        plugin: 'A',
        status: 'completed',
        attempts: [{ attempt: 1 }],
        input: 5,
        result: 7,
      },
      {
        taskId: 't2',
        job: 'B',
        plugin: 'B',
        status: 'completed',
        attempts: [{ attempt: 1 }],
        input: 7,
        result: 14,
      },
    ]);
  });

  it('5 with B, A gives 12, and the input is still 5', async () => {
    const order = given(
      { workflow: todo('B', 'A'), plugins: arithmetic, input: 5 },
      accepted(),
      completed('t1', 10),
      completed('t2', 12),
    );
    const { state, journal } = await order.told();
    expect(state).toMatchObject({ status: 'completed', result: 12 });
    expect(historyOf(journal)).toEqual({
      input: 5,
      jobs: { B: { input: 5, result: 10 }, A: { input: 10, result: 12 } },
    });
  });

  it('3 with A, [A, B] gives {A: 7, B: 10}, and the second A is the job A#2', async () => {
    const order = given(
      { workflow: todo('A', ['A', 'B']), plugins: arithmetic, input: 3 },
      accepted(),
      completed('t1', 5),
      completed('t3', 10),
      completed('t2', 7),
    );
    const { state, journal } = await order.told();
    expect(state).toMatchObject({ status: 'completed', result: { A: 7, B: 10 } });
    expect(historyOf(journal)).toEqual({
      input: 3,
      jobs: {
        A: { input: 3, result: 5 },
        'A#2': { input: 5, result: 7 },
        B: { input: 5, result: 10 },
      },
    });
    expect(tasksOf(journal)).toMatchObject([
      { taskId: 't1', job: 'A', input: 3, result: 5 },
      { taskId: 't2', job: 'A#2', plugin: 'A', input: 5, result: 7 },
      { taskId: 't3', job: 'B', plugin: 'B', input: 5, result: 10 },
    ]);
  });

  it('each task is dispatched with the result before it, and with the jobs that are done', async () => {
    const order = given(
      { workflow: todo('A', ['A', 'B']), plugins: arithmetic, input: 3 },
      accepted(),
    );
    await order.when(completed('t1', 5)).then({
      status: 'running',
      commands: [
        dispatch('A#2', { plugin: 'A', input: 5, done: ['A'], ownInput: false, stage: 'parallel' }),
        dispatch('B', { plugin: 'B', input: 5, done: ['A'], ownInput: false, stage: 'parallel' }),
      ],
    });
  });

  it('the same plugin twice in a nested list stands in the result as A and A#2', async () => {
    await given({ workflow: todo(['A', 'A']), plugins: arithmetic }, accepted(), completed('t2', 2))
      .when(completed('t1', 1))
      .then({ status: 'completed', state: { result: { A: 1, 'A#2': 2 } } });
  });

  it('a nested list of one gives an object of one', async () => {
    await given({ workflow: todo(['A']), plugins: arithmetic }, accepted())
      .when(completed('t1', 1))
      .then({
        status: 'completed',
        state: { result: { A: 1 } },
        commands: [{ type: 'DisarmDeadline' }, publish('order.completed')],
      });
  });
});
