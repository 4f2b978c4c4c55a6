import { asAnswer } from '../core/awaiting.ts';
import type {
  ArmDeadline,
  AwaitTurn,
  Command,
  DisarmDeadline,
  ListParked,
} from '../core/command.ts';
import { decide } from '../core/decide.ts';
import type { Evaluated, IgnoredEvent } from '../core/deciding.ts';
import { notedIn } from '../core/deciding.ts';
import { defined } from '../core/defined.ts';
import type { OrderEvent, TaskFailed } from '../core/event.ts';
import type { JournalEntry } from '../core/journal-entry.ts';
import type { OrderState } from '../core/order.ts';
import type { ParkedOrder } from '../core/parking.ts';
import type { Refusal } from '../core/refusal.ts';
import { historyOf } from '../core/task-records.ts';
import type { PlaceInWait, Turn } from '../core/turns.ts';
import type { Verdict } from '../core/verdict.ts';
import type { KeyedPlace } from '../ports/awaited-events.ts';
import type { OutgoingMessage } from '../ports/messenger.ts';
import { TooLargeError } from '../ports/too-large.ts';
import { answered } from './answering.ts';
import { placesAwaitedNoMore } from './awaited-places.ts';
import { endsIn } from './count-ends.ts';
import { moveDeadline } from './deadlines.ts';
import type { StoredDecision } from './ended-spans.ts';
import type { EnginePorts } from './engine-ports.ts';
import { foreseen } from './foreseen.ts';
import { messagesOf } from './messages-of-commands.ts';
import { contextOf } from './order-context.ts';
import { callingOnce } from './outgoing-messages.ts';
import { listParked, placesLeft } from './parking.ts';
import type { Recall } from './recall.ts';
import { createRecall } from './recall.ts';
import { sendSpans } from './send-spans.ts';
import { markIfOverlooked, unmarkIfSeen } from './stuck.ts';
import { bringerOfTooMuch, inOrderOfNeed, takingBack, withoutResult } from './too-large-results.ts';
import { awaitTurn, giveBack, placesLeftInWait, turnsOver, unused } from './turns.ts';
import { failuresOfUnsendable, isUnsendable } from './unsendable.ts';
import type { Room } from './values-too-large.ts';
import { roomWithoutLargest } from './values-too-large.ts';

/** A writer that has lost this many races in a row gives the message back to its queue. */
const MAX_RACES = 20;

/** What became of one order's events. */
export type Outcome =
  | { readonly known: false }
  | {
      readonly known: true;
      /** As it was before. */
      readonly before: OrderState;
      readonly state: OrderState;
      readonly changed: boolean;
      /** What attempts that have ended say of their plugins. */
      readonly verdicts: readonly Verdict[];
      /** Why the order does not do what somebody asked for. */
      readonly refusal?: Refusal;
    };

/** What became of a batch: per order an outcome, or the error for which its messages have to come again. */
export interface BatchOutcome {
  readonly outcomes: ReadonlyMap<string, Outcome>;
  readonly failures: ReadonlyMap<string, Error>;
}

/**
 * The one loop: load the last entry, decide, store the next entry, send the commands. Storing is the lock: whoever loses the
 * race loads and decides again. When this returns without a failure for an order, its entry is stored and its commands
 * are sent, and the message that brought the events may be acknowledged; not before. Each order is answered for by itself.
 */
export async function advanceOrders(
  batch: ReadonlyMap<string, readonly OrderEvent[]>,
  ports: EnginePorts,
): Promise<BatchOutcome> {
  const outcomes = new Map<string, Outcome>();
  const failures = new Map<string, Error>();
  const advanced: Advanced[] = [];

  // 1. Each order's entry is decided on and stored.
  await Promise.all(
    [...batch].map(async ([orderId, events]) => {
      try {
        const one = await advance(orderId, events, ports);
        outcomes.set(orderId, one.outcome);
        advanced.push(one);
      } catch (error) {
        failures.set(orderId, error as Error);
      }
    }),
  );

  // What only watches goes out beside the rest, and keeps nobody waiting.
  const stored = advanced.flatMap(({ decisions }) => decisions);
  const watched = Promise.all([sendSpans(stored, ports), ports.counts.add(stored.flatMap(endsIn))]);

  // 2. What they command is sent, in as few calls as all of it takes.
  const unsent = await ports.messenger.send(
    callingOnce(advanced.flatMap(({ messages }) => messages)),
  );
  for (const { message, error } of unsent.filter((one) => !isUnsendable(one))) {
    failures.set(message.orderId, error);
  }

  // 3. The lists of parked orders, and of those that wait for events or turns, are brought up to date. Deadlines move last: until then the sweeper
  // still finds the order, and whoever takes the events again sends what is missing.
  await Promise.all(
    advanced.map(async ({ orderId, parked, awaitedNoMore, turns, deadlines, outcome, before }) => {
      if (failures.has(orderId)) return;
      try {
        for (const command of parked.listed) await listParked(command, ports);
        for (const place of parked.left) await ports.parkedOrders.remove(place);
        for (const place of awaitedNoMore) await ports.awaitedEvents.forget(place);
        for (const place of turns.left) await ports.turns.leave(place);
        for (const command of turns.awaited) await awaitTurn(command, ports);
        if (outcome.known && before) await unmarkIfSeen(before, outcome.state, ports);
        if (outcome.known) await markIfOverlooked(outcome.state, ports);
        for (const command of deadlines) await moveDeadline(command, ports);
      } catch (error) {
        failures.set(orderId, error as Error);
      }
    }),
  );

  // 4. Attempts that are over give their turns back, whatever else comes again: their entries are stored.
  await giveBack(
    advanced.flatMap(({ turns }) => turns.over),
    ports,
  );

  // 5. A task whose message no queue takes has failed.
  const unsendable = failuresOfUnsendable(unsent, ports.clock());
  if (unsendable.size > 0) {
    const after = await advanceOrders(unsendable, ports);
    for (const [orderId, outcome] of after.outcomes) {
      outcomes.set(orderId, withVerdictsOf(outcomes.get(orderId), outcome));
    }
    for (const [orderId, error] of after.failures) failures.set(orderId, error);
  }
  for (const orderId of failures.keys()) outcomes.delete(orderId);
  // Lambda freezes the process as soon as its handler returns.
  await watched;
  return { outcomes, failures };
}

/** One order after its entry is stored: what is left to send, and which deadlines move then. */
interface Advanced {
  readonly orderId: string;
  readonly outcome: Outcome;
  readonly messages: readonly OutgoingMessage[];
  readonly parked: {
    readonly listed: readonly ListParked[];
    readonly left: readonly ParkedOrder[];
  };
  /** Where tasks wait for a turn, and wait no longer; and turns that none of its tasks has any more. */
  readonly turns: {
    readonly awaited: readonly AwaitTurn[];
    readonly left: readonly PlaceInWait[];
    readonly over: readonly Turn[];
  };
  /** Where the order no longer waits for events. */
  readonly awaitedNoMore: readonly KeyedPlace[];
  readonly deadlines: readonly (ArmDeadline | DisarmDeadline)[];
  /** Those that were stored here, not those of which this is a repeat. */
  readonly decisions: readonly StoredDecision[];
  /** The order as it stood. */
  readonly before?: OrderState;
}

const NOTHING_PARKED: Advanced['parked'] = { listed: [], left: [] };
const NO_TURNS: Advanced['turns'] = { awaited: [], left: [], over: [] };

function withVerdictsOf(earlier: Outcome | undefined, outcome: Outcome): Outcome {
  if (!earlier?.known || !outcome.known) return outcome;
  return { ...outcome, verdicts: [...earlier.verdicts, ...outcome.verdicts] };
}

/** What a decision does without, since entries with all of it did not fit. */
interface Less {
  readonly room?: Room;
  readonly takenBack: readonly TaskFailed[];
}

async function advance(
  orderId: string,
  events: readonly OrderEvent[],
  ports: EnginePorts,
  less: Less = { takenBack: [] },
): Promise<Advanced> {
  const taken: Turn[] = [];
  for (let races = 0; races < MAX_RACES; races += 1) {
    if (races > 0) await ports.backOff(races);
    const expected = races === 0 ? foreseen(orderId, events, ports.journal) : undefined;
    const latest = expected ?? (await ports.journal.latest(orderId));
    if (latest === undefined) {
      const outcome = { known: false } as const;
      const nothing = { messages: [], deadlines: [], decisions: [], awaitedNoMore: [] };
      return { orderId, outcome, parked: NOTHING_PARKED, turns: NO_TURNS, ...nothing };
    }
    const before = latest.state;
    const context = await contextOf(before, ports);
    const recall = createRecall(latest, ports.journal);
    const sources = { state: before, context, recall, ports, room: less.room };
    const deciding = decide(before, [...events, ...less.takenBack], context);
    const { decision, values, turns: got } = await answered(deciding, sources);
    taken.push(...got);
    const { state, at, applied, verdicts, commands, ignored } = decision;
    // What changes nothing may be a repeat: that is decided on what the journal holds now.
    if (state === before && expected !== undefined) continue;
    let entry: JournalEntry | undefined;
    if (state !== before) {
      entry = { orderId, number: state.entry, at, events: applied, state, ...notedIn(decision) };
      try {
        if ((await ports.journal.append(entry, latest)) === 'taken') continue;
      } catch (error) {
        if (!(error instanceof TooLargeError)) throw error;
        const refused = { error, values, before, after: state, recall, less };
        const least = await advanceWithLess(orderId, inOrderOfNeed(events, before), refused, ports);
        return withUnused(least, taken);
      }
    }
    const messages = await messagesOf(commands, state, context, recall, entry, ports);
    const deadlines = commands.filter(movesDeadline);
    const changed = entry !== undefined;
    const outcome = {
      known: true,
      before,
      state,
      changed,
      verdicts,
      ...defined({ refusal: refusalIn(ignored) }),
    } as const;
    const { workflow } = context;
    const decisions = entry === undefined ? [] : [{ before, entry, verdicts, workflow }];
    const listed = commands.filter((command) => command.type === 'ListParked');
    const parked = { listed, left: placesLeft(before, state, applied) };
    const awaitedNoMore = placesAwaitedNoMore(before, state);
    const turns = {
      awaited: commands.filter((command) => command.type === 'AwaitTurn'),
      left: placesLeftInWait(before, state, applied),
      over: turnsOver(before, state, events, taken),
    };
    const rest = { messages, parked, awaitedNoMore, turns, deadlines, decisions, before };
    return { orderId, outcome, ...rest };
  }
  throw new Error(`order ${orderId}: ${MAX_RACES} writers were faster`);
}

/** What was taken for an entry that did not fit is not wanted any more, unless a smaller one wants it. */
function withUnused(advanced: Advanced, taken: readonly Turn[]): Advanced {
  const { outcome, turns } = advanced;
  if (!outcome.known) return advanced;
  return {
    ...advanced,
    turns: { ...turns, over: [...turns.over, ...unused(taken, outcome.state)] },
  };
}

function refusalIn(ignored: readonly IgnoredEvent[]): Refusal | undefined {
  for (const { code, reason } of ignored) if (code !== undefined) return { code, message: reason };
  return undefined;
}

/** A decision whose entry did not fit. */
interface Refused {
  readonly error: TooLargeError;
  readonly before: OrderState;
  readonly after: OrderState;
  readonly values: readonly Evaluated[];
  readonly recall: Recall;
  readonly less: Less;
}

/**
 * Several events whose entry does not fit get an entry each. Where that of a single one does not fit, inputs that expressions make of
 * its result may be several times as large as it: they are to blame if the entry fits without them. If not, a result has to go: the
 * event's own, or one that it gathers because it ends a parallel stage.
 */
async function advanceWithLess(
  orderId: string,
  events: readonly OrderEvent[],
  { error, before, after, values, recall, less }: Refused,
  ports: EnginePorts,
): Promise<Advanced> {
  const [only, ...more] = events;
  if (only === undefined) throw error;
  const first = asAnswer(before, only);
  if (more.length === 0) {
    const room = roomWithoutLargest(values, error);
    if (room !== undefined) return advance(orderId, events, ports, { ...less, room });
    const { takenBack } = less;
    const gathered = gathersResults(before, after) ? historyOf(await recall.entries()).jobs : {};
    const bringer = bringerOfTooMuch(first, before, gathered, takenBack);
    if (bringer === undefined) throw error;
    const smaller = withoutResult(first, bringer, error);
    if (smaller !== undefined) return advance(orderId, [smaller], ports, { takenBack });
    const back = takingBack(bringer, first.at, error);
    return advance(orderId, events, ports, { takenBack: [...takenBack, back] });
  }
  let whole = await advance(orderId, [only], ports);
  for (const event of more) {
    const part = await advance(orderId, [event], ports);
    const changed = [whole, part].some(({ outcome }) => outcome.known && outcome.changed);
    const outcome = withVerdictsOf(whole.outcome, part.outcome);
    whole = {
      ...{ orderId, before },
      outcome: outcome.known ? { ...outcome, before, changed } : outcome,
      messages: [...whole.messages, ...part.messages],
      parked: {
        listed: [...whole.parked.listed, ...part.parked.listed],
        left: [...whole.parked.left, ...part.parked.left],
      },
      awaitedNoMore: [...whole.awaitedNoMore, ...part.awaitedNoMore],
      turns: {
        awaited: [...whole.turns.awaited, ...part.turns.awaited],
        left: [...whole.turns.left, ...part.turns.left],
        over: [...whole.turns.over, ...part.turns.over],
      },
      deadlines: [...whole.deadlines, ...part.deadlines],
      decisions: [...whole.decisions, ...part.decisions],
    };
  }
  return whole;
}

/** Whether the order leaves a parallel stage, and hands on the results of all its tasks together. */
function gathersResults(before: OrderState, after: OrderState): boolean {
  if (!('stage' in before) || before.stage.stage !== 'parallel') return false;
  const { activity, stage } = before.stage;
  return !('stage' in after && after.stage.activity === activity && after.stage.stage === stage);
}

function movesDeadline(command: Command): command is ArmDeadline | DisarmDeadline {
  return command.type === 'ArmDeadline' || command.type === 'DisarmDeadline';
}
