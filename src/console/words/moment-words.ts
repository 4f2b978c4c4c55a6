import type { Order } from '../messages.ts';
import { codeWords } from './error-words.ts';
import type { Tone } from './status-words.ts';

export type Moment = Order['timeline'][number];

export interface MomentWords {
  readonly text: string;
  readonly tone: Tone;
}

/** What happened, as one would tell it. */
export function momentWords(moment: Moment): MomentWords {
  const { event, task = 'a task', attempt, error } = moment;
  const which = attempt !== undefined && attempt > 1 ? ` at attempt ${attempt}` : '';
  const who = moment.actor === undefined ? '' : ` by ${moment.actor}`;
  switch (event) {
    case 'OrderPlaced':
      return { text: 'The order was placed', tone: 'dim' };
    case 'OrderAccepted':
      return { text: 'The order began', tone: 'live' };
    case 'TaskCompleted':
      if (moment.late) {
        const text = `${task} completed when nobody waited for it: it counts only if it is undone`;
        return { text, tone: 'dim' };
      }
      return { text: `${task.replace(UNDOING, '')} ${doneText(task)}${which}`, tone: 'good' };
    case 'TaskFailed':
      return { text: `${task} failed${which}${error ? `: ${error.message}` : ''}`, tone: 'bad' };
    case 'TaskHeartbeat':
      return { text: `${task} is still at work`, tone: 'live' };
    case 'TaskExpired':
      return { text: `${task} came too late and was not begun`, tone: 'dim' };
    case 'TaskPutOff':
      return { text: `${task} had no turn yet and was put off`, tone: 'dim' };
    case 'TaskDeferred':
      return { text: `${task} waits for a callback${which}`, tone: 'live' };
    case 'TaskDeadLettered': {
      const why = error?.message ?? codeWords('DEAD_LETTERED');
      return { text: `${task} was given up by its queue${which}: ${why}`, tone: 'bad' };
    }
    case 'TaskParked':
      return { text: parkedText(moment), tone: 'warn' };
    case 'TaskReleased':
      return { text: releasedText(moment), tone: 'live' };
    case 'DeadlinePassed':
      return deadlineWords(moment);
    case 'CancelRequested':
      return { text: `Cancelled${who}`, tone: 'warn' };
    case 'PauseRequested':
      return { text: `Paused${who}`, tone: 'warn' };
    case 'ResumeRequested':
      return { text: `Resumed${who}`, tone: 'live' };
    case 'RetryRequested':
      return { text: `Retried${who}`, tone: 'live' };
    case 'SkipRequested':
      return { text: `${task} was skipped${who}`, tone: 'warn' };
    case 'TaskCancelRequested':
      return { text: `${task} was cancelled${who}`, tone: 'warn' };
    case 'TaskCalledOff':
      return { text: `${task} was called off`, tone: 'dim' };
    default:
      return { text: spelledOut(event), tone: 'dim' };
  }
}

/** How the jobs are called that undo others: `undo A`. */
const UNDOING = /^undo /;

const doneText = (task: string) => (UNDOING.test(task) ? 'was undone' : 'completed');

function parkedText({ task, plugin, parkedFor }: Moment): string {
  return parkedFor === 'turn'
    ? `${task} waits for its turn at ${plugin}`
    : `${task} was parked: ${plugin} is held back`;
}

/** What came of a deadline that passed: an attempt that it ended, or one that was sent. */
function deadlineWords({ task, attempt = 1, error }: Moment): MomentWords {
  if (task === undefined) return { text: 'It was looked after, and nothing was due', tone: 'dim' };
  const which = attempt > 1 ? ` at attempt ${attempt}` : '';
  if (error !== undefined) return { text: `${task} failed${which}: ${error.message}`, tone: 'bad' };
  return attempt > 1
    ? { text: `${task} was sent again, attempt ${attempt}`, tone: 'live' }
    : { text: `A wait was over, and ${task} was sent`, tone: 'live' };
}

/** A task that was parked goes on. */
function releasedText({ plugin, canary, turn, task }: Moment): string {
  if (turn !== undefined) return `${task}: its turn has come at ${plugin}`;
  return canary === undefined
    ? `${plugin} takes tasks again: what was parked goes on`
    : `It is the canary that tries ${plugin}, which is in quarantine`;
}

/** An event that is newer than this page: `TaskParked` reads "Task parked". */
function spelledOut(event: string): string {
  const words = event.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
