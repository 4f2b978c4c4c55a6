import type { Order, SentTask } from '../messages.ts';
import type { MomentWords } from './moment-words.ts';

/** Codes of attempts that a deadline has ended. */
const ENDED_BY_CLOCK: ReadonlySet<string> = new Set(['TASK_TIMED_OUT', 'HEARTBEAT_MISSED']);

/** What came of a deadline that passed: an attempt that it ended, one that it began, or the end of a wait. */
export function deadlineWords(at: string, tasks: Order['tasks']): MomentWords {
  const attempts = tasks
    .filter((task): task is SentTask => 'taskId' in task)
    .flatMap(({ job, attempts }) => attempts.map((attempt) => ({ job, ...attempt })));
  const ended = attempts.find(
    ({ endedAt, error }) => endedAt === at && error !== undefined && ENDED_BY_CLOCK.has(error.code),
  );
  if (ended?.error !== undefined) {
    return { text: `${ended.job} failed: ${ended.error.message}`, tone: 'bad' };
  }
  const [sent] = attempts.filter(({ dispatchedAt }) => dispatchedAt === at);
  if (sent === undefined) return { text: 'It was looked after, and nothing was due', tone: 'dim' };
  const { job, attempt } = sent;
  return attempt > 1
    ? { text: `${job} was sent again, attempt ${attempt}`, tone: 'live' }
    : { text: `A wait was over, and ${job} was sent`, tone: 'live' };
}
