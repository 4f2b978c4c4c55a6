import { Cron } from 'croner';
import { Problem } from '../../contract/problem.ts';
import type { ScheduleDefinition } from '../../contract/schedule-definition.ts';
import type { Instant } from '../../core/json.ts';

/** Minute, hour, day of month, month, day of week. */
const FIELDS = 5;

/** When a schedule runs. */
export interface Timing {
  /** The first run after this instant; `undefined` if there is none. */
  after(instant: Instant): Instant | undefined;
  /** The last run at this instant or before it; `undefined` if there is none. */
  upTo(instant: Instant): Instant | undefined;
}

/**
 * @param since the instant of the run from which `every` counts
 * @throws {Problem} INVALID_REQUEST that names `cron` or `timeZone`
 */
export function timingOf(
  { cron, every, timeZone = 'UTC' }: Pick<ScheduleDefinition, 'cron' | 'every' | 'timeZone'>,
  since: Instant,
): Timing {
  return cron === undefined ? counted((every ?? 0) * 1000, since) : byClock(cron, timeZone);
}

function counted(everyMs: number, since: Instant): Timing {
  const upTo = (instant: Instant) => since + Math.floor((instant - since) / everyMs) * everyMs;
  return {
    after: (instant) => Math.max(upTo(instant), since) + everyMs,
    upTo: (instant) => (upTo(instant) > since ? upTo(instant) : undefined),
  };
}

function byClock(cron: string, timeZone: string): Timing {
  checkTimeZone(timeZone);
  const clock = readCron(cron, timeZone);
  return {
    after: (instant) => clock.nextRun(new Date(instant))?.getTime(),
    // It leaves out a run at the instant itself.
    upTo: (instant) => clock.previousRuns(1, new Date(instant + 1))[0]?.getTime(),
  };
}

function readCron(cron: string, timezone: string): Cron {
  if (!cron.startsWith('@') && cron.trim().split(/\s+/).length !== FIELDS) {
    throw invalid('cron', 'must have five fields as in crontab, such as "0 2 * * *"');
  }
  try {
    return new Cron(cron, { timezone, mode: '5-part' });
  } catch (error) {
    throw invalid('cron', (error as Error).message.replace(/^CronPattern: /, ''));
  }
}

function checkTimeZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    throw invalid('timeZone', 'must be an IANA time zone, such as Europe/Berlin');
  }
}

function invalid(path: string, reason: string): Problem {
  return new Problem('INVALID_REQUEST', [{ path, message: `${path}: ${reason}` }]);
}
