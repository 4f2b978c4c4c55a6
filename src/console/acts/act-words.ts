import type { Act } from './possible-acts.ts';

export interface ActWords {
  /** On the button. */
  readonly name: string;
  /** What it will do to one order. */
  readonly effect: string;
  /** Once it is done. */
  readonly done: string;
}

export const ACT_WORDS: Readonly<Record<Act, ActWords>> = {
  retry: {
    name: 'Retry',
    effect: 'The order goes on from the task that failed. What it has done stays done.',
    done: 'retried',
  },
  resume: {
    name: 'Resume',
    effect: 'Its clocks go on. What it paused for is tried again.',
    done: 'resumed',
  },
  pause: {
    name: 'Pause',
    effect:
      'Its clocks stop, and nothing new of it begins. What is at work ends, and its result counts.',
    done: 'paused',
  },
  skip: {
    name: 'Skip a task',
    effect: 'The task counts as done, and the order goes on.',
    done: 'skipped a task of',
  },
  cancelTask: {
    name: 'Cancel a task',
    effect:
      'The task ends without a result, and is not tried again. The order goes on if the task is optional; if not, it fails as by any other failure.',
    done: 'cancelled a task of',
  },
  cancel: {
    name: 'Cancel',
    effect: 'The order ends. What it has done is undone by the plugins that can.',
    done: 'cancelled',
  },
};
