import type { ScheduleRun, ScheduleSummary } from '../messages.ts';
import { durationText } from '../words/durations.ts';
import type { StatusWords } from '../words/status-words.ts';

/** When it runs: `every 15 min`, `0 2 * * * in Europe/Berlin`. */
export function timingText({ cron, every, timeZone }: ScheduleSummary): string {
  if (cron === undefined) return `every ${durationText((every ?? 0) * 1000)}`;
  return `${cron} in ${timeZone ?? 'UTC'}`;
}

/** What its orders run: `greet`, `A, then B and C`, `what is agreed with acme`. */
export function orderedText({ workflow, todo, client }: ScheduleSummary): string {
  if (workflow !== undefined) return workflow;
  if (todo === undefined) return `what is agreed with ${client}`;
  return todo.map((group) => [group].flat().join(' and ')).join(', then ');
}

export function scheduleStatusWords({ status }: ScheduleSummary): StatusWords {
  return status === 'paused'
    ? { sign: '❙❙', word: 'paused', tone: 'warn' }
    : { sign: '✓', word: 'active', tone: 'good' };
}

const OUTCOMES: Readonly<Record<ScheduleRun['outcome'], StatusWords>> = {
  placed: { sign: '✓', word: 'placed', tone: 'good' },
  skipped: { sign: '»', word: 'left out', tone: 'dim' },
  missed: { sign: '○', word: 'missed', tone: 'warn' },
  refused: { sign: '✕', word: 'refused', tone: 'bad' },
};

export function outcomeWords(outcome: ScheduleRun['outcome']): StatusWords {
  return OUTCOMES[outcome] ?? { sign: '·', word: outcome, tone: 'dim' };
}

/** Why a run placed no order. */
export function outcomeReason({ outcome, reason }: ScheduleRun): string | undefined {
  if (reason !== undefined) return reason;
  switch (outcome) {
    case 'skipped':
      return 'the previous order had not ended';
    case 'missed':
      return 'the system was not there';
    case 'placed':
    case 'refused':
      return undefined;
  }
}

export const OVERLAP_TEXT: Readonly<Record<NonNullable<ScheduleSummary['overlap']>, string>> = {
  skip: 'left out',
  queue: 'placed once that one has ended',
  allow: 'placed all the same',
};

export const CATCH_UP_TEXT: Readonly<Record<NonNullable<ScheduleSummary['catchUp']>, string>> = {
  none: 'not made up for',
  last: 'made up for by one order',
  all: 'all made up for',
};
