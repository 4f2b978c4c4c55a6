import type { Deciding } from './deciding.ts';
import { askStanding } from './deciding.ts';
import type { EntryDraft } from './entry-draft.ts';
import type { Instant } from './json.ts';
import type { StagedOrder } from './order.ts';
import type { StageTask } from './task.ts';

/** The sweeper comes once a minute: what is due sooner than this gets a timer of its own. */
const SWEEP_MS = 60_000;

/**
 * An order that moves its wake-up asks, after so many entries, whether it stands where it should: one read for some eight moves of a read
 * and two writes each. Else an order with hundreds of attempts would be looked for under hundreds of wake-ups, whenever its end comes
 * again. With twenty, the ends of five orders in one message took a hundred reads, which are all made again if one of them fails. Where
 * one call in twenty failed for hours, that message was never done, and became a dead letter (simulated world 3755315492).
 */
const ASKS_AFTER_ENTRIES = 8;

/** The instant by which something must have happened to the task, if it waits for anything. */
export function dueAt(task: StageTask): Instant | undefined {
  switch (task.status) {
    case 'inFlight':
      return Math.min(task.deadlineAt, task.silentAt ?? task.deadlineAt);
    case 'backingOff':
      return task.retryAt;
    case 'parked':
      return task.lookAt;
    case 'waiting':
      return task.until;
    case 'planned':
    case 'plannedWait':
    case 'plannedChoice':
    case 'chosen':
    case 'plannedRepeat':
    case 'repeatDecided':
    case 'completed':
    case 'failed':
    case 'skipped':
    case 'calledOff':
    case 'waited':
      return undefined;
  }
}

/** The instants by which something must have happened to the order. The clocks of a paused order's tasks stand still. */
export function duesOf(order: StagedOrder): readonly Instant[] {
  if (order.status === 'paused') return [order.lookAt];
  return order.stage.tasks.map(dueAt).filter((instant) => instant !== undefined);
}

/**
 * The order with the wake-up that it needs. An earlier one stays as it is: moving it costs two writes, and waking too early costs
 * nothing. It moves only when it has gone by or would come too late.
 * @param hadEnded the order stood under no wake-up any more
 */
export function* withWakeUp(
  order: StagedOrder,
  { at, entry }: EntryDraft,
  hadEnded: boolean,
): Deciding<StagedOrder> {
  const nearest = Math.min(...duesOf(order));
  const { wakeUp } = order;
  if (hadEnded) {
    return { ...order, wakeUp: { at: nearest, entry }, wakeUpBefore: { ...wakeUp, ended: true } };
  }
  if (wakeUp.at > at && wakeUp.at <= nearest) return order;
  const moved = { ...order, wakeUp: { at: nearest, entry }, wakeUpBefore: wakeUp };
  const { stoodIn = 0 } = order;
  if (entry - stoodIn <= ASKS_AFTER_ENTRIES) return moved;
  return (yield* askStanding(wakeUp)) ? { ...moved, stoodIn: wakeUp.entry } : moved;
}

/**
 * The timers that the decision sets, each instant once: for the tasks that came into their status or began in its entry, and for the
 * task that its wake-up is for; for all of them when a pause has ended. Retries and waits have timers however long they are; heartbeats and timeouts only where the
 * sweeper would be too slow, since a timer costs three requests.
 */
export function timersOf(order: StagedOrder, decidedAt: Instant): readonly Instant[] {
  if (order.status === 'paused') return [];
  const { entry, wakeUp, stage } = order;
  const goesOn = 'resumedIn' in order && order.resumedIn === entry;
  const instants = stage.tasks.flatMap((task) => {
    const at = dueAt(task);
    const isNew = 'entry' in task && task.entry === entry;
    const hasBegun = task.status === 'inFlight' && task.begunIn === entry;
    const isWokenFor = wakeUp.entry === entry && wakeUp.at === at;
    const isSet = isNew || hasBegun || isWokenFor || goesOn;
    return at !== undefined && isSet && needsTimer(task, at, decidedAt) ? [at] : [];
  });
  return [...new Set(instants)];
}

function needsTimer(task: StageTask, at: Instant, decidedAt: Instant): boolean {
  if (task.status === 'parked') return false;
  if (task.status !== 'inFlight') return true;
  const isShort =
    at === task.silentAt || task.deadlineAt - task.dispatchedAt - (task.pausedMs ?? 0) <= SWEEP_MS;
  return isShort && at - decidedAt <= SWEEP_MS;
}
