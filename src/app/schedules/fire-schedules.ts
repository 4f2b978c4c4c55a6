import { Problem } from '../../contract/problem.ts';
import { defined } from '../../core/defined.ts';
import type { Instant } from '../../core/json.ts';
import { hasEnded } from '../../core/order.ts';
import { place } from '../../engine/placing.ts';
import type { RecordedSchedule, Schedule, ScheduledRun, Schedules } from '../../ports/schedules.ts';
import type { Lookups } from '../intake/lookups.ts';
import { createLookups } from '../intake/lookups.ts';
import type { IntakePorts } from '../intake/order-intake.ts';
import { prepareOrder } from '../intake/order-intake.ts';
import { logger } from '../logger.ts';
import { withLookAt } from './look-at.ts';
import { orderIdOfRun } from './order-id-of-run.ts';
import type { Timing } from './timing.ts';
import { timingOf } from './timing.ts';

export interface FiringPorts extends IntakePorts {
  readonly schedules: Schedules;
}

/** What the runs of one sweep have in common. */
interface PlacingPorts extends FiringPorts {
  readonly lookups: Lookups;
}

/** A run that is later than this was missed. The sweep comes every minute, and a few sweeps may fail. */
const MISSED_AFTER_MS = 5 * 60_000;

/** Runs of one schedule that a sweep places while it catches up: the others are to have their turn. */
const RUNS_A_SWEEP = 10;

const RUNS_KEPT = 20;

/**
 * Places the orders of schedules that are due. A run's order has an id made of the schedule's name and the run's minute, and the
 * schedule is stored after its orders: a sweep that dies in between is repeated by the next one, and places nothing twice.
 * One schedule's fault is that schedule's only.
 * @param until no schedule is begun after this instant; the next sweep goes on
 */
export async function fireSchedules(ports: FiringPorts, until: Instant = Infinity): Promise<void> {
  const due = await ports.schedules.due(ports.clock());
  // Many are due at the full hour, and name the same workflows and plugins.
  const placing = { ...ports, lookups: createLookups(ports) };
  for (const schedule of due) {
    if (ports.clock() >= until) return;
    try {
      await fire(schedule, placing);
    } catch (error) {
      logger.error('schedule not fired', { schedule: schedule.name, error });
    }
  }
}

async function fire(read: RecordedSchedule, ports: PlacingPorts): Promise<void> {
  const timing = timingOf(read.definition, read.since);
  const now = ports.clock();
  let current = await withoutQueued(read, ports);
  for (let runs = 0; runs < RUNS_A_SWEEP; runs += 1) {
    current = withoutMissed(current, timing, now);
    const { nextAt } = current;
    if (nextAt === undefined || nextAt > now) break;
    current = withNext(await withRun(current, nextAt, ports), timing.after(nextAt));
  }
  // Who has changed it meanwhile has worked out its next run as well.
  await ports.schedules.put(withLookAt(current, now), read);
}

/** The queued run takes place once the previous order has ended. */
async function withoutQueued(schedule: Schedule, ports: PlacingPorts): Promise<Schedule> {
  const { queuedAt, ...rest } = schedule;
  if (queuedAt === undefined || (await openOrderOf(schedule, ports)) !== undefined) return schedule;
  return withEnded(rest, await placed(rest, queuedAt, ports));
}

/** Goes on after the runs that were missed, as the schedule wants it. */
function withoutMissed(schedule: Schedule, timing: Timing, now: Instant): Schedule {
  const { nextAt: at, definition } = schedule;
  const isMissed = at !== undefined && at < now - MISSED_AFTER_MS;
  if (!isMissed || definition.catchUp === 'all') return schedule;
  const last = timing.upTo(definition.catchUp === 'none' ? now - MISSED_AFTER_MS : now) ?? at;
  const until = definition.catchUp === 'none' ? last : timing.upTo(last - 1);
  if (until === undefined || until < at) return schedule;
  const run: ScheduledRun = {
    at,
    outcome: 'missed',
    ...defined({ until: until > at ? until : undefined }),
  };
  return withNext(withEnded(schedule, run), timing.after(until));
}

async function withRun(schedule: Schedule, at: Instant, ports: PlacingPorts): Promise<Schedule> {
  const { overlap } = schedule.definition;
  const open = overlap === 'allow' ? undefined : await openOrderOf(schedule, ports);
  if (open === undefined) return withEnded(schedule, await placed(schedule, at, ports));
  if (overlap === 'queue' && schedule.queuedAt === undefined) return { ...schedule, queuedAt: at };
  const reason = `order ${open} had not ended${overlap === 'queue' ? ', and a run waited already' : ''}`;
  return withEnded(schedule, { at, outcome: 'skipped', reason });
}

/** The order of the latest run, while it has not ended. */
async function openOrderOf(
  { runs }: Schedule,
  { journal }: FiringPorts,
): Promise<string | undefined> {
  const orderId = runs.find((run) => run.orderId !== undefined)?.orderId;
  const state = orderId === undefined ? undefined : (await journal.latest(orderId))?.state;
  return state === undefined || hasEnded(state) ? undefined : orderId;
}

async function placed(
  { name, definition }: Schedule,
  at: Instant,
  ports: PlacingPorts,
): Promise<ScheduledRun> {
  const { cron, every, timeZone, overlap, catchUp, ...order } = definition;
  const orderId = orderIdOfRun(name, at);
  const who = { caller: { kind: 'operator' }, key: undefined, scope: '', orderId } as const;
  try {
    // It may have been placed already, by a sweep that died, or by what the schedule ordered until a moment ago.
    await place(await prepareOrder(defined(order), who, ports.lookups, ports), ports);
    return { at, outcome: 'placed', orderId };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    logger.warn('run of a schedule refused', { schedule: name, orderId, reason: error.message });
    return { at, outcome: 'refused', reason: `${error.code}: ${error.message}` };
  }
}

function withEnded(schedule: Schedule, run: ScheduledRun): Schedule {
  return { ...schedule, runs: [run, ...schedule.runs].slice(0, RUNS_KEPT) };
}

function withNext({ nextAt: _, ...schedule }: Schedule, nextAt: Instant | undefined): Schedule {
  return { ...schedule, ...defined({ nextAt }) };
}
