import { defined } from '../../core/defined.ts';
import type { Instant } from '../../core/json.ts';
import type { Schedule, ScheduledRun } from '../../ports/schedules.ts';
import { iso } from '../http/iso.ts';
import { timingOf } from './timing.ts';

/** Runs to come that are shown. */
const NEXT_RUNS = 5;

/** A schedule as the API shows it. */
export function scheduleView(schedule: Schedule) {
  const { input, attributes, ...row } = { ...schedule.definition, ...scheduleRow(schedule) };
  return {
    ...row,
    input,
    attributes,
    nextRuns: nextRuns(schedule).map(iso),
    runs: schedule.runs.map(runView),
  };
}

/** In a list: without what its orders bring. */
export function scheduleRow({ name, definition, nextAt, queuedAt, paused, runs }: Schedule) {
  const { input, attributes, ...rest } = definition;
  const [last] = runs;
  return {
    ...{ name, status: paused === undefined ? 'active' : 'paused', ...rest },
    ...defined({
      paused: paused && { ...paused, at: iso(paused.at) },
      nextRunAt: paused === undefined && nextAt !== undefined ? iso(nextAt) : undefined,
      queuedAt: queuedAt === undefined ? undefined : iso(queuedAt),
      lastRun: last && runView(last),
    }),
  };
}

function nextRuns({ definition, since, nextAt, paused }: Schedule): readonly Instant[] {
  if (paused !== undefined || nextAt === undefined) return [];
  const timing = timingOf(definition, since);
  const runs = [nextAt];
  while (runs.length < NEXT_RUNS) {
    const next = timing.after(runs.at(-1) ?? nextAt);
    if (next === undefined) break;
    runs.push(next);
  }
  return runs;
}

function runView({ at, until, ...run }: ScheduledRun) {
  return {
    at: iso(at),
    ...run,
    ...defined({ until: until === undefined ? undefined : iso(until) }),
  };
}
