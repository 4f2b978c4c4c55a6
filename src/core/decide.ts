/**
 * Decides what an order does next. It executes nothing: it returns the state to store and the commands to send.
 *
 * Invariants that this folder keeps; each number is a test's title:
 *
 * 1. A task's result is applied at most once, whatever is delivered twice.
 * 2. A stage ends only when every mandatory task in it has ended; optional failures never fail an order.
 * 3. The set of tasks of a stage is fixed when the order enters it, and recorded.
 * 4. Every state that waits has a deadline, and the deadline survives crashes.
 * 5. An attempt is counted when it is dispatched, not when it fails. One that never began is given back.
 * 7. The order's workflow version never changes under it.
 * 9. Commands are a function of the decision alone: deciding again sends the same commands again.
 * 10. No heartbeat is missed before work has begun; what never began is no failure of its plugin.
 *
 * (6 is about compensation and 8 about pausing; they come with those.)
 *
 * An attempt fails: when is it sent again?
 *
 *   task-events.ts      a plugin says so, or its queue has given up on it
 *   overdue.ts          its deadline has passed, or its heartbeats have stopped
 *   failed-attempt.ts   it backs off, or has failed for good; an attempt that never began is given back
 *   retry.ts            how long it backs off, by whose policy
 *   wake-up.ts          who wakes the order at that instant: a timer, the sweeper, or both
 *   progress.ts         the instant has come: the task is due
 *   attempts.ts         the next attempt, with its deadline
 */
import { commandsOf, isStillDue } from './commands-of.ts';
import type { Context, Deciding, Decision, IgnoredEvent } from './deciding.ts';
import { recallEntries } from './deciding.ts';
import { defined } from './defined.ts';
import type { EntryDraft } from './entry-draft.ts';
import type { CancelRequested, OrderEvent, OrderPlaced } from './event.ts';
import type {
  AcceptedOrder,
  CancelledOrder,
  EndedOrder,
  OrderState,
  RunningOrder,
} from './order.ts';
import { hasEnded } from './order.ts';
import { withOverdueEnded } from './overdue.ts';
import { identityOf, inFirstStage, progress } from './progress.ts';
import { holds, mayBeRepeat } from './repeats.ts';
import { afterTaskEvent } from './task-events.ts';
import { withWakeUp } from './wake-up.ts';

/** An order that nobody has started by then is started by the sweeper. Seconds. */
export const START_WITHIN_SECONDS = 60;

/** The state of an order's first journal entry. */
export function placeOrder(event: OrderPlaced): AcceptedOrder {
  const { orderId, workflow, attributes, at, input, client } = event;
  return {
    status: 'accepted',
    ...{ orderId, workflow, ...defined({ client }), attributes },
    acceptedAt: at,
    entry: 0,
    payload: input,
    wakeUp: { at: at + START_WITHIN_SECONDS * 1000, entry: 0 },
  };
}

/**
 * Folds the events into the state, one or many at once, and moves the order on as far as it can go.
 * Late, duplicate and unknown events change nothing, and are named in `ignored`. Where an earlier decision took such an event, its
 * commands are handed out again as far as they are still due, since whoever was to send them may have died before.
 */
export function* decide(
  before: OrderState,
  events: readonly OrderEvent[],
  context: Context,
): Deciding<Decision> {
  const draft: EntryDraft = {
    entry: before.entry + 1,
    at: Math.max(...events.map(({ at }) => at)),
    context,
    results: new Map(),
    applied: [],
    leftOut: [],
  };
  const { at, applied, leftOut } = draft;
  const ignored: IgnoredEvent[] = [];
  let state = before;
  let moved: RunningOrder | EndedOrder | undefined;
  for (const event of inOrderOfWeight(events)) {
    const next = apply(state, event, draft);
    if (typeof next === 'string') {
      ignored.push({ event, reason: next });
    } else {
      moved = next;
      state = next;
      applied.push(event);
    }
  }
  if (moved !== undefined) state = yield* moveOn(moved, draft);
  const again = yield* commandsAgain(ignored, state, draft);
  const commands = moved === undefined ? [] : commandsOf({ state, at }, context);
  return { state, at, applied, leftOut, commands: [...again, ...commands], ignored };
}

/**
 * A client's wish to cancel counts last, so that what else has happened is kept. What says how an attempt goes on comes after the
 * results, in the order in which it was sent. (Deadlines end nothing before `moveOn`.)
 */
function inOrderOfWeight(events: readonly OrderEvent[]): readonly OrderEvent[] {
  const weight = (event: OrderEvent) => {
    if (event.type === 'CancelRequested') return Number.MAX_SAFE_INTEGER;
    return 'sentAt' in event ? event.sentAt : 0;
  };
  return [...events].sort((a, b) => weight(a) - weight(b));
}

function apply(
  state: OrderState,
  event: OrderEvent,
  draft: EntryDraft,
): RunningOrder | EndedOrder | string {
  if (hasEnded(state)) return `the order has ended: ${state.status}`;
  if (event.type === 'CancelRequested') return cancelled(state, event, draft);
  if (state.status === 'accepted') {
    if (event.type === 'OrderAccepted' || event.type === 'DeadlinePassed') {
      return inFirstStage(state, draft);
    }
    return 'the order has not started';
  }
  return afterTaskEvent(state, event, draft);
}

function cancelled(
  state: AcceptedOrder | RunningOrder,
  { reason }: CancelRequested,
  draft: EntryDraft,
): CancelledOrder {
  return { status: 'cancelled', ...identityOf(state, draft), ...defined({ reason }) };
}

/** The order with overdue attempts ended, the next tasks started, and the next wake-up set. */
function* moveOn(applied: RunningOrder | EndedOrder, draft: EntryDraft): Deciding<OrderState> {
  if (hasEnded(applied)) return applied;
  const after = yield* progress(yield* withOverdueEnded(applied, draft), draft);
  if (hasEnded(after)) return after;
  return { ...withWakeUp(after, draft), entry: draft.entry };
}

/**
 * What the entries that took these events before once commanded, as far as it is still due. An event that was ignored may have been taken
 * before; so may a deadline that was not, since something else may have come due meanwhile.
 */
function* commandsAgain(
  ignored: readonly IgnoredEvent[],
  state: OrderState,
  { applied, context }: EntryDraft,
): Deciding<Decision['commands']> {
  const untaken = ignored
    .map(({ event }) => event)
    .filter((event) => !holds({ events: applied }, event));
  const deadlines = applied.filter(({ type }) => type === 'DeadlinePassed');
  const repeats = [...untaken, ...deadlines].filter(mayBeRepeat);
  const entries = yield* recallEntries(repeats);
  return entries
    .flatMap((entry) => commandsOf(entry, context))
    .filter((command) => isStillDue(command, state));
}
