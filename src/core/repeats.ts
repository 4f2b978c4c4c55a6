import type { ActRequested, EventReceived, OrderEvent } from './event.ts';
import { isAct } from './event.ts';
import type { JournalEntry } from './journal-entry.ts';
import type { Instant } from './json.ts';
import type { Refusal } from './refusal.ts';
import { refusal } from './refusal.ts';

/** Clocks of two instances differ by no more than this. Milliseconds. */
export const CLOCK_SKEW_MS = 5000;

/**
 * Whether an event that changes nothing may have changed something before: its message comes again when whoever took it died
 * before all commands were sent. The sweeper's events bear the instant of the wake-up that it found, a timer's its own.
 */
export function mayBeRepeat(event: OrderEvent): boolean {
  return event.type !== 'DeadlinePassed' || event.armedFor !== undefined;
}

/** Whether the event bears a name of its own, by which the journal is searched for it before it is taken. */
export function isTakenByName(event: OrderEvent): boolean {
  return isAct(event) || event.type === 'EventReceived';
}

/** Whether the entry took this very event. What came from outside it holds as the answer to its task. */
export function holds({ events }: Pick<JournalEntry, 'events'>, event: OrderEvent): boolean {
  if (event.type === 'EventReceived') return events.some((one) => takenIn(one) === event.eventId);
  return events.some((one) => one.type === event.type && isSame(one, event));
}

/** Why an event that bears a name of its own changes nothing: one of these entries took it already, or another one under its name. */
export function whyDone(
  event: OrderEvent,
  entries: readonly Pick<JournalEntry, 'events'>[],
): string | Refusal | undefined {
  if (!isTakenByName(event)) return undefined;
  const events = entries.flatMap((entry) => entry.events);
  const taken = events.find((one) => holds({ events: [one] }, event));
  if (taken === undefined) return undefined;
  const [was, is] = [taken, event].map((one) => (one as Partial<ActRequested>).fingerprint);
  if (was === is) return 'it has been done already';
  return refusal('IDEMPOTENCY_CONFLICT', 'its key was used for another request of this kind');
}

/** The event from outside that started the order or completed a task of it. */
export function takenIn(event: JournalEntry['events'][number]): string | undefined {
  if (event.type === 'OrderPlaced') return event.eventId;
  return event.type === 'TaskCompleted' ? event.event?.id : undefined;
}

/** Whether two events of one type are the same. */
function isSame(one: Held, other: Held): boolean {
  const known = knownBy(one);
  return knownBy(other).every((part, index) => part === known[index]);
}

type Held = Exclude<OrderEvent, EventReceived>;

/** What an event has in common with none of its type but itself. */
function knownBy(event: Held): readonly unknown[] {
  switch (event.type) {
    case 'CancelRequested':
    case 'PauseRequested':
    case 'ResumeRequested':
    case 'RetryRequested':
    case 'SkipRequested':
    case 'TaskCancelRequested':
    case 'UndoRequested':
      return [event.actId];
    case 'DeadlinePassed':
      return [event.armedFor];
    case 'TaskReleased':
      return [event.plugin, event.parkedIn, event.task];
    case 'TaskHeartbeat':
    case 'TaskPutOff':
    case 'TaskDeferred':
      return [event.taskId, event.attempt, event.by, event.sentAt];
    case 'TaskCompleted':
    case 'TaskFailed':
    case 'TaskExpired':
    case 'TaskDeadLettered':
      return [event.taskId, event.attempt, event.by];
    case 'OrderAccepted':
      return [];
  }
}

/**
 * Whether only one entry can have taken the event. A sweeper that finds an order under an earlier wake-up, which was left over, wakes it
 * again if it is due by then: what the first of the entries commanded may still be unsent.
 */
export function isTakenOnce({ type }: OrderEvent): boolean {
  return type !== 'DeadlinePassed';
}

/** Whether neither this entry nor any before it can have taken an event that came at the instant. */
export function isOlderThanArrival({ at }: Pick<JournalEntry, 'at'>, receivedAt: Instant): boolean {
  return at < receivedAt - CLOCK_SKEW_MS;
}

/** Whether neither this entry nor any before it can have taken the event: a search backwards ends here. */
export function isOlderThan({ at, state }: JournalEntry, event: OrderEvent): boolean {
  switch (event.type) {
    case 'CancelRequested':
    case 'PauseRequested':
    case 'ResumeRequested':
    case 'RetryRequested':
    case 'SkipRequested':
    case 'TaskCancelRequested':
    case 'UndoRequested':
      return at < event.askedAt - CLOCK_SKEW_MS;
    case 'DeadlinePassed':
      return event.armedFor !== undefined && at < event.armedFor - CLOCK_SKEW_MS;
    case 'TaskReleased':
      return state.entry <= event.parkedIn;
    case 'EventReceived':
      return isOlderThanArrival({ at }, event.receivedAt);
    case 'TaskHeartbeat':
    case 'TaskPutOff':
    case 'TaskDeferred':
      return at < event.sentAt - CLOCK_SKEW_MS;
    case 'TaskCompleted':
    case 'TaskFailed':
    case 'TaskExpired':
    case 'TaskDeadLettered':
      // Tasks are numbered as they start: this entry knows of fewer.
      return 'taskCount' in state && state.taskCount < Number(event.taskId.slice(1));
    case 'OrderAccepted':
      return false;
  }
}
