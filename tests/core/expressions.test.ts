import { describe, expect, it } from '@jest/globals';
import { historyOf, tasksOf } from '../../src/core/task-records.ts';
import type { PluginStep } from '../../src/core/workflow.ts';
import { given, typesOf } from './order-specification.ts';
import {
  accepted,
  completed,
  disarm,
  dispatch,
  failedForGood,
  plugins,
  publish,
  workflow,
} from './vocabulary.ts';

const A = (entry: Omit<PluginStep, 'plugin'>): PluginStep => ({ plugin: 'A', ...entry });
const of = (...pre: (PluginStep | string)[]) => ({
  workflow: workflow({ pre }),
  plugins: plugins('A', 'B', 'C'),
});
const broken = '$error("no way")';
const shown = ` (in ${JSON.stringify(broken)})`;

describe('when', () => {
  it('true lets the task run', async () => {
    const setting = {
      ...of(A({ when: 'attributes.priority = "high"' })),
      attributes: { priority: 'high' },
    };
    await given(setting)
      .when(accepted())
      .then({ status: 'running', commands: [{}, dispatch('A')] });
  });

  it.each(['attributes.priority = "high"', 'false', 'null', 'nothing.of.the.kind'])(
    '%s, which is false or nothing, skips the task',
    async (when) => {
      const order = given(of(A({ when }), 'B')).when(accepted());
      await order.then({
        status: 'running',
        commands: [{}, dispatch('B', { taskId: 't1', input: 5 })],
      });
      const { journal } = await order.told();
      expect(tasksOf(journal)).toMatchObject([{ job: 'B' }]);
      const isFalse = when === 'false' || when.startsWith('attributes');
      const reason = isFalse ? 'its `when` is false' : 'its `when` came to nothing';
      expect(journal.flatMap(({ leftOut = [] }) => leftOut)).toEqual([
        { plugin: 'A', status: 'skipped', activity: 0, stage: 'pre', reason },
      ]);
    },
  );

  // Was: a `when` that came to "true", to 1 or to an object skipped a mandatory plugin, and nothing said so.
  // Now: it fails its task with what it came to.
  it.each([
    ['"true"', '"true"'],
    ['1', '1'],
    ['0', '0'],
    ['""', '""'],
    ['{}', '{}'],
    ['[true]', '[true]'],
    [`"${'x'.repeat(58)}"`, `"${'x'.repeat(58)}"`],
    [`"${'x'.repeat(59)}"`, `"${'x'.repeat(59)}…`],
  ])('%s, which is no boolean, fails the task with what it is', async (when, shown) => {
    const message = `when: it came to ${shown}; it must be true or false`;
    await given(of(A({ when }), 'B'))
      .when(accepted())
      .then({
        status: 'failed',
        state: { error: { code: 'EXPRESSION_FAILED', task: 'A', attempt: 0, message } },
      });
  });

  it('that fails, fails the task without an attempt', async () => {
    await given(of(A({ when: broken })))
      .when(accepted())
      .then({
        status: 'failed',
        state: {
          error: {
            code: 'EXPRESSION_FAILED',
            message: `when: no way${shown}`,
            task: 'A',
            attempt: 0,
          },
        },
        commands: [disarm, publish('order.started'), publish('order.failed', { task: 'A' })],
      });
  });

  it('that fails for an optional task lets the order go on', async () => {
    await given(of(A({ when: broken, mandatory: false }), 'B'))
      .when(accepted())
      .then({
        status: 'running',
        commands: [{}, publish('task.failed', { task: 'A' }), dispatch('B', { done: [] })],
      });
  });

  it('is asked when the turn of the task has come, of the result before it', async () => {
    const setting = of('B', A({ when: 'payload > 5' }), 'C');
    await given(setting, accepted())
      .when(completed('t1', 6))
      .then({ status: 'running', commands: [dispatch('A', { input: 6 })] });
    await given(setting, accepted())
      .when(completed('t1', 5))
      .then({ status: 'running', commands: [dispatch('C', { input: 5 })] });
  });

  it('that skips every task lets the order complete with its input', async () => {
    const order = given(of(A({ when: 'false' }), A({ when: 'false' }))).when(accepted());
    await order.then({ status: 'completed', state: { result: 5 } });
    // Was: an order that ended in the decision that started it was never told to have started.
    // Now: whatever the first entry makes of an order, it has started there, unless it is cancelled.
    const { last } = await order.told();
    expect(typesOf(last.commands)).toEqual([
      'DisarmDeadline',
      'PublishLifecycle order.started',
      'PublishLifecycle order.completed',
    ]);
  });

  it('that skips every task of a parallel stage hands on what the stage got', async () => {
    const definition = workflow({
      parallel: [A({ when: 'false' }), A({ when: 'false' })],
      post: ['B'],
    });
    await given({ ...of(), workflow: definition })
      .when(accepted())
      .then({ status: 'running', commands: [{}, dispatch('B', { input: 5 })] });
  });

  it('that skips one of two tasks of a plugin leaves the other its own place in the result', async () => {
    const definition = workflow({ parallel: [A({ when: 'false' }), 'A'] });
    await given({ ...of(), workflow: definition }, accepted())
      .when(completed('t1', 1))
      .then({ status: 'completed', state: { result: { 'A#2': 1 } } });
  });
});

describe('input', () => {
  it('gives the task an input of its own, and the payload stays for the next', async () => {
    const definition = workflow({ parallel: [A({ input: '$string(payload)' }), 'B'] });
    await given({ ...of(), workflow: definition })
      .when(accepted())
      .then({
        status: 'running',
        commands: [
          {},
          dispatch('A', { input: '5', ownInput: true }),
          dispatch('B', { input: 5, ownInput: false }),
        ],
      });
  });

  it('is a template whose strings are expressions', async () => {
    const input = {
      sum: 'payload + 1',
      list: ['attributes.kind', 7, null, true],
      'not this': '"text"',
    };
    await given({ ...of(A({ input })), attributes: { kind: 'photo' } })
      .when(accepted())
      .then({
        status: 'running',
        commands: [
          {},
          dispatch('A', { input: { sum: 6, list: ['photo', 7, null, true], 'not this': 'text' } }),
        ],
      });
  });

  it('that comes to nothing is null, which is not the payload', async () => {
    const order = given(of(A({ input: 'nothing.here' }))).when(accepted());
    await order.then({
      status: 'running',
      commands: [{}, dispatch('A', { input: null, ownInput: true })],
    });
  });

  it('of null is told of in the history, also when the task fails', async () => {
    // Was: a task whose own input was null was told to have had the payload as its input once it had failed.
    // Now: an input that is known stays, null or not.
    const definition = workflow({ parallel: [A({ input: null }), 'B'] });
    const order = given({ ...of(), workflow: definition }, accepted(), failedForGood('t1'));
    const { journal } = await order.told();
    expect(tasksOf(journal)).toMatchObject([
      { job: 'A', input: null, status: 'failed' },
      { job: 'B', input: 5 },
    ]);
  });

  it('that fails, fails the task', async () => {
    await given(of(A({ input: { deep: [broken] } })))
      .when(accepted())
      .then({
        status: 'failed',
        state: { error: { code: 'EXPRESSION_FAILED', message: `input.deep[0]: no way${shown}` } },
      });
  });

  it('does not count when the task is skipped', async () => {
    await given(of(A({ when: 'false', input: broken })))
      .when(accepted())
      .then({ status: 'completed' });
  });

  it('that fails in a parallel stage fails the order when the others have ended', async () => {
    const definition = workflow({ parallel: [A({ input: broken }), 'B'] });
    const order = given({ ...of(), workflow: definition }, accepted());
    expect((await order.told()).state.status).toBe('running');
    await order.when(completed('t2', 1)).then({
      status: 'failed',
      state: { error: { code: 'EXPRESSION_FAILED', task: 'A' } },
    });
  });
});

describe('an expression that looks back', () => {
  it("sees the order's own input and the earlier jobs", async () => {
    const setting = of('A', 'B', {
      plugin: 'C',
      input: { first: 'input', a: '$jobs.A.result', of: '$jobs.A.input' },
    });
    await given(setting, accepted(), completed('t1', 7))
      .when(completed('t2', 14))
      .then({ status: 'running', commands: [dispatch('C', { input: { first: 5, a: 7, of: 5 } })] });
  });

  it('sees the result that has just come, and the first one when it came twice', async () => {
    // Was: $jobs knew nothing of the results that the very decision had brought, since no entry held them yet.
    // Now: the question for an expression's value names the events that count already.
    const input = { a: '$jobs.A.result', b: '$jobs.B.result' };
    const definition = workflow({ parallel: ['A', 'B'], post: [{ plugin: 'C', input }] });
    await given({ ...of(), workflow: definition }, accepted(), completed('t1', 7))
      .when(completed('t2', 8), completed('t2', 9), completed('t1', 9))
      .then({ status: 'running', commands: [dispatch('C', { input: { a: 7, b: 8 } })] });
  });

  it('sees no job that failed', async () => {
    const definition = workflow({
      pre: [A({ mandatory: false }), { plugin: 'C', input: '$exists($jobs.A)' }],
    });
    const order = given({ ...of(), workflow: definition }, accepted());
    await order
      .when(failedForGood('t1'))
      .then({ status: 'running', commands: [{}, dispatch('C', { input: false })] });
    expect(historyOf((await order.told()).journal)).toEqual({ input: 5, jobs: {} });
  });
});
