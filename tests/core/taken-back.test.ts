import { it } from '@jest/globals';
import type { TaskFailed } from '../../src/core/event.ts';
import { given } from './order-specification.ts';
import { accepted, completed, failedUntil, plugins, seconds, workflow } from './vocabulary.ts';

const setting = { workflow: workflow({ parallel: ['A', 'B'] }), plugins: plugins('A', 'B') };

/** Baton takes the result of the attempt back. */
const takingBack = (taskId: string, attempt = 1): TaskFailed => ({
  ...{ type: 'TaskFailed', at: seconds(9), taskId, attempt, retry: 'never' },
  error: { code: 'RESULT_TOO_LARGE', message: 'it does not fit' },
});

it('a result that is taken back fails its task, which has completed', () =>
  given(setting, accepted(seconds(1)), completed('t1', 1, seconds(2)))
    .when(takingBack('t1'))
    .then({
      status: 'running',
      commands: [{ type: 'PublishLifecycle', fact: { type: 'task.failed', task: 'A' } }],
      state: {
        stage: {
          tasks: [
            { status: 'failed', entry: 3, error: { code: 'RESULT_TOO_LARGE' } },
            { status: 'inFlight' },
          ],
        },
      },
    }));

it('no result of another attempt is taken back', () =>
  given(setting, accepted(seconds(1)), completed('t1', 1, seconds(2)))
    .when(takingBack('t1', 2))
    .thenNothingHappens('the task is not in flight'));

it('nothing is taken back of a task that backs off', () =>
  given(setting, accepted(seconds(1)), failedUntil('t1', 30, seconds(2)))
    .when(takingBack('t1'))
    .thenNothingHappens('the task is not in flight'));
