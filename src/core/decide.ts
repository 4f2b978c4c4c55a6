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
 * 6. Compensation runs only for tasks that completed, in reverse order, once what is in flight has answered or timed out.
 * 7. The order's workflow version never changes under it.
 * 8. Pausing stops the clocks: deadlines, waits and retries resume where they stopped.
 * 9. Commands are a function of the decision alone: deciding again sends the same commands again.
 * 10. No heartbeat is missed before work has begun; what never began is no failure of its plugin.
 *
 * An attempt fails: when is it sent again?
 *
 *   task-events.ts      a plugin says so, or its queue has given up on it
 *   overdue.ts          its deadline has passed, or its heartbeats have stopped
 *   failed-attempt.ts   it backs off, or has failed for good; an attempt that never began is given back
 *   retry.ts            how long it backs off, by whose policy
 *   wake-up.ts          who wakes the order at that instant: a timer, the sweeper, or both
 *   progress.ts         the instant has come: the task is due
 *   attempts.ts         the next attempt, with its deadline; it is parked while its plugin is in quarantine
 *   parking.ts          when a parked task is decided on again
 *   turns.ts            its plugin takes so many tasks of one client at once: it gets a turn, or waits for one
 *
 * It has failed for good: what becomes of its order?
 *
 *   failing.ts          it pauses, or its activity's `onFailure` runs, or it is undone, or it has failed: in this order
 *   undo-plan.ts        what there is to undo, and in which groups
 *   undoing.ts          group by group, until all is undone or a compensation fails for good
 *
 * Somebody else finishes a task:
 *
 *   deferring.ts        its plugin hands it on, and the attempt stays open for whoever holds its token
 *   child-orders.ts     an order of another workflow performs it
 *   awaiting.ts         an event from outside completes it
 *
 * Nobody waits for a task any more:
 *
 *   enough.ts           enough others of its stage have completed: it is called off
 *   cancelling.ts       somebody has cancelled it alone
 *   called-off.ts       its child orders are, or those of its other attempts
 *   unawaited.ts        what its attempt did may have to be undone all the same
 *
 * Somebody asks for something:
 *
 *   acts.ts             who may ask what of an order in which status
 *   pausing.ts          the clocks stop, and go on where they stood
 *   retrying.ts         a failed order goes on from the tasks that failed it
 */
import { afterAct } from './acts.ts';
import { asAnswer } from './awaiting.ts';
import { childrenCalledOff } from './called-off.ts';
import { commandsOf, isStillDue } from './commands-of.ts';
import type { Context, Deciding, Decision, IgnoredEvent } from './deciding.ts';
import { recallEntries, recallWorkflow } from './deciding.ts';
import { defined } from './defined.ts';
import { inFirstStage } from './entering.ts';
import type { EntryDraft } from './entry-draft.ts';
import type { OrderEvent, OrderPlaced, TaskCompleted } from './event.ts';
import { isAct } from './event.ts';
import type {
  AcceptedOrder,
  CompensatingOrder,
  EndedOrder,
  OrderState,
  StagedOrder,
} from './order.ts';
import { hasEnded } from './order.ts';
import { withOverdueEnded } from './overdue.ts';
import { frozen, lookedAt } from './pausing.ts';
import { progress } from './progress.ts';
import type { Refusal } from './refusal.ts';
import { isRefusal } from './refusal.ts';
import { holds, isTakenByName, mayBeRepeat, whyDone } from './repeats.ts';
import type { Versions } from './retrying.ts';
import { wouldTakeIfRetried } from './retrying.ts';
import { afterTaskEvent } from './task-events.ts';
import { afterLateResult, withUnawaited } from './unawaited.ts';
import { lateToUndo, undone } from './undoing.ts';
import { withWakeUp } from './wake-up.ts';
import type { Workflow } from './workflow.ts';

/** An order that nobody has started by then is started by the sweeper. Seconds. */
const START_WITHIN_SECONDS = 60;

/** The state of an order's first journal entry. */
export function placeOrder(event: OrderPlaced): AcceptedOrder {
  const { orderId, workflow, attributes, at, input, client, pauseOnFailure } = event;
  const { trace, parent, slice, group } = event;
  return {
    status: 'accepted',
    ...{ orderId, workflow, ...defined({ client }), attributes },
    acceptedAt: at,
    ...defined({ trace, parent, slice }),
    entry: 0,
    payload: input,
    ...defined({ pauseOnFailure }),
    wakeUp: {
      at: (group?.at ?? at) + START_WITHIN_SECONDS * 1000,
      entry: 0,
      ...defined({ group: group?.first }),
    },
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
  let draft: EntryDraft = {
    entry: before.entry + 1,
    at: Math.max(...events.map(({ at }) => at)),
    context,
    results: new Map(),
    applied: [],
    leftOut: [],
    calledOffTasks: [],
    verdicts: [],
  };
  const { at, applied, leftOut, calledOffTasks, verdicts } = draft;
  const ignored: IgnoredEvent[] = [];
  const done = yield* recallEntries(events.filter(isTakenByName));
  let state = before;
  let moved: StagedOrder | EndedOrder | undefined;
  for (const event of inOrderOfWeight(events)) {
    const to = yield* workflowAfter(state, event, draft.context);
    const versions = { from: draft.context.workflow, to };
    const taken = asAnswer(state, event);
    const why = whyDone(event, [{ events: applied }, ...done]);
    const next = why ?? apply(state, taken, draft, versions);
    if (typeof next === 'string') {
      ignored.push({ event, reason: next });
    } else if (isRefusal(next)) {
      ignored.push({ event, reason: next.message, code: next.code });
    } else {
      moved = next;
      state = next;
      applied.push(taken);
      draft = { ...draft, context: { ...context, workflow: to } };
    }
  }
  if (moved !== undefined) {
    state = withUnawaited(before, yield* moveOn(moved, before, draft), applied);
  }
  const again = yield* commandsAgain(ignored, state, draft);
  const calledOff = childrenCalledOff(before, state, applied);
  const made = { state, at, events: applied, calledOff };
  const commands = moved === undefined ? [] : commandsOf(made, context);
  const entry = { state, at, applied, leftOut, calledOff, calledOffTasks };
  return { ...entry, verdicts, commands: [...again, ...commands], ignored };
}

/**
 * What people ask for counts last, in the order in which they asked, so that what else has happened is kept. What says how an attempt
 * goes on comes after the results, in the order in which it was sent. (Deadlines end nothing before `moveOn`.) An attempt that was
 * performed twice may bring a result and a failure: what has been done counts.
 */
function inOrderOfWeight(events: readonly OrderEvent[]): readonly OrderEvent[] {
  const weight = (event: OrderEvent) => {
    if (event.type === 'TaskCompleted') return -1;
    if (isAct(event)) return Number.MAX_SAFE_INTEGER / 2 + event.askedAt;
    return 'sentAt' in event ? event.sentAt : 0;
  };
  return [...events].sort((a, b) => weight(a) - weight(b));
}

/** The version of its workflow that the order has after the event, if that is taken. */
function* workflowAfter(
  { slice }: OrderState,
  event: OrderEvent,
  { workflow }: Context,
): Deciding<Workflow> {
  if (event.type !== 'RetryRequested' || event.version === undefined) return workflow;
  // Another version need not have its step: it is refused (acts.ts).
  if (slice !== undefined) return workflow;
  return event.version === workflow.version ? workflow : yield* recallWorkflow(event.version);
}

function apply(
  state: OrderState,
  event: OrderEvent,
  draft: EntryDraft,
  versions: Versions,
): StagedOrder | EndedOrder | string | Refusal {
  if (isAct(event)) return afterAct(state, event, draft, versions);
  if (hasEnded(state)) return afterEnd(state, event);
  switch (state.status) {
    case 'accepted':
      if (event.type === 'OrderAccepted' || event.type === 'DeadlinePassed') {
        return inFirstStage(state, draft);
      }
      return 'the order has not started';
    case 'paused':
      if (event.type === 'DeadlinePassed') {
        return state.wakeUp.at <= draft.at ? state : 'nothing was due';
      }
      return afterTaskEvent(state, frozen(event, state), { ...draft, at: state.pausedAt });
    case 'running':
    case 'waiting':
    case 'compensating':
      return afterTaskEvent(state, event, draft);
  }
}

/** Only what completes late, and is to be undone for that or may have to be yet, still matters. */
function afterEnd(state: EndedOrder, event: OrderEvent): CompensatingOrder | EndedOrder | string {
  const late = event.type === 'TaskCompleted' ? afterLateEnd(state, event) : undefined;
  return late ?? `the order has ended: ${state.status}`;
}

function afterLateEnd(state: EndedOrder, event: TaskCompleted) {
  const isKept = state.status === 'failed' && wouldTakeIfRetried(state, event.taskId);
  return 'undoing' in state && !isKept ? lateToUndo(state, event) : afterLateResult(state, event);
}

/** The order with overdue attempts ended, the next tasks started, and the next wake-up set. */
function* moveOn(
  applied: StagedOrder | EndedOrder,
  before: OrderState,
  draft: EntryDraft,
): Deciding<OrderState> {
  const after = hasEnded(applied) ? applied : yield* goneOn(applied, draft);
  if (hasEnded(after)) return { ...after, entry: draft.entry };
  return { ...(yield* withWakeUp(after, draft, hasEnded(before))), entry: draft.entry };
}

function* goneOn(order: StagedOrder, draft: EntryDraft): Deciding<StagedOrder | EndedOrder> {
  switch (order.status) {
    case 'running':
    case 'waiting':
      return yield* progress(yield* withOverdueEnded(order, draft), draft);
    case 'compensating':
      return yield* undone(yield* withOverdueEnded(order, draft), draft);
    case 'paused':
      return lookedAt(order, draft);
  }
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
