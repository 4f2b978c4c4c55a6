/**
 * Decides what an order does next. It executes nothing: it returns the state to store and the commands to send.
 *
 * Invariants that this folder keeps; each number is a test's title:
 *
 * 1. A task's result is applied at most once, whatever is delivered twice.
 * 2. A stage ends only when every mandatory task in it has ended; optional failures never fail an order.
 * 3. The set of tasks of a stage is fixed when the order enters it, and recorded.
 * 4. Every state that waits has a deadline, and the deadline survives crashes.
 * 5. An attempt is counted when it is dispatched, not when it fails.
 * 7. The order's workflow version never changes under it.
 * 9. Commands are a function of the decision alone: deciding again sends the same commands again.
 *
 * (6 is about compensation and 8 about pausing; they come with those.)
 */
import { commandsAgain, commandsOf, isStillDue } from './commands-of.ts';
import type { Context, Deciding, Decision, IgnoredEvent } from './deciding.ts';
import type { EntryDraft } from './entry-draft.ts';
import type { CancelRequested, OrderEvent, OrderPlaced } from './event.ts';
import type { AcceptedOrder, CancelledOrder, OrderState, RunningOrder } from './order.ts';
import { hasEnded } from './order.ts';
import { enterFirstStage, identityOf, progress } from './progress.ts';
import { expire, settle } from './settle.ts';
import { nextWakeUp } from './wake-up.ts';

/** An order that nobody has started by then is started by the sweeper. Seconds. */
export const START_WITHIN_SECONDS = 60;

/** The state of an order's first journal entry. */
export function placeOrder(event: OrderPlaced): AcceptedOrder {
  const { orderId, workflow, attributes, at, input, client } = event;
  return {
    status: 'accepted',
    orderId,
    workflow,
    ...(client === undefined ? {} : { client }),
    attributes,
    acceptedAt: at,
    entry: 0,
    payload: input,
    wakeUp: { at: at + START_WITHIN_SECONDS * 1000, entry: 0 },
  };
}

/**
 * Folds the events into the state, one or many at once, and moves the order on as far as it can go.
 * Late, duplicate and unknown events change nothing, and are named in `ignored`; the commands of the decision that
 * took them first are handed out again, since its sender may have died before they were sent.
 */
export function* decide(
  before: OrderState,
  events: readonly OrderEvent[],
  context: Context,
): Deciding<Decision> {
  const [armedFor] = events.flatMap((event) =>
    event.type === 'DeadlinePassed' && event.armedFor !== undefined ? [event.armedFor] : [],
  );
  const draft: EntryDraft = {
    entry: before.entry + 1,
    at: Math.max(...events.map(({ at }) => at)),
    context,
    results: new Map(),
    applied: [],
    ...(armedFor === undefined ? {} : { armedFor }),
  };
  const { applied } = draft;
  const ignored: IgnoredEvent[] = [];
  let state = before;
  for (const event of inOrderOfWeight(events)) {
    const next = apply(state, event, draft);
    if (typeof next === 'string') {
      ignored.push({ event, reason: next });
    } else {
      state = next;
      applied.push(event);
    }
  }
  if (applied.length === 0) {
    return { state: before, applied, commands: commandsAgain(before, events, context), ignored };
  }
  const after = yield* moveOn(state, draft);
  const repeated = ignored.map(({ event }) => event);
  const again = commandsAgain(before, repeated, context).filter((one) => isStillDue(one, after));
  const commands = [...again, ...commandsOf(after, after.entry, context)];
  return { state: after, applied, commands, ignored };
}

/** Results count before deadlines that passed in the same batch, and a client's wish to cancel counts last. */
function inOrderOfWeight(events: readonly OrderEvent[]): readonly OrderEvent[] {
  const weight = ({ type }: OrderEvent) =>
    type === 'CancelRequested' ? 2 : type === 'DeadlinePassed' ? 1 : 0;
  return [...events].sort((a, b) => weight(a) - weight(b));
}

function apply(state: OrderState, event: OrderEvent, draft: EntryDraft): OrderState | string {
  if (hasEnded(state)) return `the order has ended: ${state.status}`;
  if (event.type === 'CancelRequested') return cancel(state, event, draft);
  if (state.status === 'accepted') {
    if (event.type === 'OrderAccepted' || event.type === 'DeadlinePassed') {
      return enterFirstStage(state, draft);
    }
    return 'the order has not started';
  }
  return settle(state, event, draft);
}

function cancel(
  state: AcceptedOrder | RunningOrder,
  { reason }: CancelRequested,
  draft: EntryDraft,
): CancelledOrder {
  const why = reason === undefined ? {} : { reason };
  return { status: 'cancelled', ...identityOf(state, draft), ...why };
}

/** The order after its draft: expired deadlines applied, the next tasks started, the next wake-up armed. */
function* moveOn(applied: OrderState, draft: EntryDraft): Deciding<OrderState> {
  if (hasEnded(applied) || applied.status === 'accepted') return applied;
  const after = yield* progress(expire(applied, draft), draft);
  if (hasEnded(after)) return after;
  return { ...after, wakeUp: nextWakeUp(after, draft), entry: draft.entry };
}
