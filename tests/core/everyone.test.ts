import { describe, it } from '@jest/globals';
import { given } from './order-specification.ts';
import {
  accepted,
  completed,
  dispatch,
  failedForGood,
  joins,
  plugin,
  plugins,
  publish,
  workflow,
} from './vocabulary.ts';

const started = publish('order.started');
const all = workflow({ parallel: '*' });

describe('"*" stands for everyone who is registered for the stage', () => {
  it('of this activity, and of no other stage or activity', async () => {
    const registered = [
      plugin('A', joins()),
      plugin('B', joins({ stage: 'post' })),
      plugin('C', joins({ activity: 'a2' })),
      plugin('D'),
      plugin('E', { joins: [...joins({ activity: 'a2' }).joins, ...joins().joins] }),
    ];
    await given({ workflow: all, plugins: registered })
      .when(accepted())
      .then({ status: 'running', commands: [started, dispatch('A'), dispatch('E')] });
  });

  it('and whose filter matches the attributes of the order', async () => {
    const registered = [
      plugin('A', joins({ filter: { kind: ['photo'] } })),
      plugin('B', joins({ filter: { kind: ['film'] } })),
      plugin('C', joins({ filter: {} })),
    ];
    await given({ workflow: all, plugins: registered, attributes: { kind: 'photo' } })
      .when(accepted())
      .then({ status: 'running', commands: [started, dispatch('A'), dispatch('C')] });
  });

  it('in this workflow, where a participation names one', async () => {
    const registered = [
      plugin('A', joins({ workflow: 'w' })),
      plugin('B', joins({ workflow: 'another' })),
    ];
    await given({ workflow: all, plugins: registered })
      .when(accepted())
      .then({ status: 'running', commands: [started, dispatch('A')] });
  });

  it('in their declared order, ties by name', async () => {
    const at = (order: number) => joins({ stage: 'pre', order });
    const registered = [
      plugin('D', at(2)),
      plugin('C', at(1)),
      plugin('B', at(1)),
      plugin('A', at(3)),
    ];
    const setting = { workflow: workflow({ pre: '*' }), plugins: registered };
    await given(setting)
      .when(accepted())
      .then({ status: 'running', commands: [started, dispatch('B')] });
    const so = [accepted(), completed('t1', 1)];
    await given(setting, ...so)
      .when(completed('t2', 2))
      .then({ status: 'running', commands: [dispatch('D', { done: ['B', 'C'] })] });
    await given(setting, ...so, completed('t2', 2))
      .when(completed('t3', 3))
      .then({ status: 'running', commands: [dispatch('A')] });
  });

  it('at its place among those that are named', async () => {
    const registered = [...plugins('A', 'B'), plugin('X', joins({ stage: 'pre' }))];
    const setting = { workflow: workflow({ pre: ['A', '*', 'B'] }), plugins: registered };
    await given(setting, accepted())
      .when(completed('t1', 1))
      .then({ status: 'running', commands: [dispatch('X', { input: 1 })] });
    await given(setting, accepted(), completed('t1', 1))
      .when(completed('t2', 2))
      .then({ status: 'running', commands: [dispatch('B', { input: 2 })] });
  });

  it('but for those that the stage names itself: each takes part once, as it is named', async () => {
    const registered = [plugin('A', joins({ mandatory: true })), plugin('B', joins())];
    const definition = workflow({ parallel: [{ plugin: 'A', mandatory: false, input: '1' }, '*'] });
    const order = given(
      { workflow: definition, plugins: registered },
      accepted(),
      completed('t2', 2),
    );
    await given({ workflow: definition, plugins: registered })
      .when(accepted())
      .then({ status: 'running', commands: [started, dispatch('A', { input: 1 }), dispatch('B')] });
    await order
      .when(failedForGood('t1'))
      .then({ status: 'completed', state: { result: { B: 2 } } });
  });

  it('mandatory or optional as each declared', async () => {
    const registered = [plugin('A', joins({ mandatory: false })), plugin('B', joins())];
    await given({ workflow: all, plugins: registered }, accepted(), failedForGood('t1'))
      .when(completed('t2', 2))
      .then({ status: 'completed', state: { result: { B: 2 } } });
    await given({ workflow: all, plugins: registered }, accepted(), failedForGood('t2'))
      .when(completed('t1', 1))
      .then({ status: 'failed', state: { error: { task: 'B' } } });
  });

  it('which may be nobody: the stage hands on what it got', async () => {
    const definition = workflow({ pre: '*', parallel: '*', post: '*' }, { pre: ['A'] });
    await given({ workflow: definition, plugins: plugins('A') })
      .when(accepted())
      .then({ status: 'running', commands: [started, dispatch('A', { input: 5 })] });
    await given({ workflow: all, plugins: [] })
      .when(accepted())
      .then({ status: 'completed', state: { result: 5 } });
  });

  it('as of the moment in which the order enters the stage', async () => {
    const later = { plugins: [plugin('A', joins()), plugin('B', joins({ stage: 'post' }))] };
    const setting = {
      workflow: workflow({ parallel: '*', post: '*' }),
      plugins: [plugin('A', joins())],
    };
    await given(setting, accepted(), later)
      .when(completed('t1', 1))
      .then({ status: 'running', commands: [dispatch('B', { input: { A: 1 } })] });
  });
});
