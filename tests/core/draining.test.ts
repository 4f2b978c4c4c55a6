import { describe, it } from '@jest/globals';
import { given } from './order-specification.ts';
import {
  accepted,
  completed,
  deadlinePassed,
  dispatch,
  failedUntil,
  joins,
  plugin,
  plugins,
  seconds,
  workflow,
} from './vocabulary.ts';

const retiring = (name: string, more: object = {}) => plugin(name, { draining: true, ...more });

describe('a plugin that retires', () => {
  it('is left out of the stages that invite everyone', async () => {
    const registered = [plugin('A', joins()), retiring('B', joins())];
    await given({ workflow: workflow({ parallel: '*' }), plugins: registered }, accepted())
      .when(completed('t1', 1))
      .then({ status: 'completed', state: { result: { A: 1 } } });
  });

  it('finishes the tasks that it has', async () => {
    const setting = { workflow: workflow({ pre: ['A'] }), plugins: plugins('A') };
    await given(setting, accepted(), { plugins: [retiring('A')] })
      .when(completed('t1', 7))
      .then({ status: 'completed', state: { result: 7 } });
  });

  it('gets a task again that it has had', async () => {
    const setting = { workflow: workflow({ pre: ['A'] }), plugins: plugins('A') };
    await given(setting, accepted(), failedUntil('t1', 2), { plugins: [retiring('A')] })
      .when(deadlinePassed(seconds(2)))
      .then({ status: 'running', commands: [{}, dispatch('A', { attempt: 2, input: 5 })] });
  });

  it('gets no task that names it; that is tried again later', async () => {
    const setting = { workflow: workflow({ pre: ['A'] }), plugins: [retiring('A')] };
    const message = 'the plugin A retires and takes nothing new';
    const error = { code: 'PLUGIN_DRAINING', message };
    await given(setting)
      .when(accepted())
      .then({
        status: 'running',
        state: { stage: { tasks: [{ status: 'backingOff', error }] } },
      });
    await given(setting, accepted())
      .when(deadlinePassed(seconds(2)))
      .then({
        status: 'running',
        state: { stage: { tasks: [{ attempt: 2, error: { code: 'PLUGIN_DRAINING' } }] } },
      });
  });

  it('gets no task that it has never had, though that was tried before', async () => {
    const setting = { workflow: workflow({ pre: ['A'] }), plugins: [] };
    await given(setting, accepted(), { plugins: [retiring('A')] })
      .when(deadlinePassed(seconds(2)))
      .then({
        status: 'running',
        state: { stage: { tasks: [{ status: 'backingOff', error: { code: 'PLUGIN_DRAINING' } }] } },
      });
  });

  it('and is deployed again by then, gets the task', async () => {
    const setting = { workflow: workflow({ pre: ['A'] }), plugins: [retiring('A')] };
    await given(setting, accepted(), { plugins: plugins('A') })
      .when(deadlinePassed(seconds(2)))
      .then({ status: 'running', commands: [{}, dispatch('A', { attempt: 2, input: 5 })] });
  });
});
