import { asAnswer } from '../core/awaiting.ts';
import type { ArmDeadline, Command, DisarmDeadline } from '../core/command.ts';
import { decide } from '../core/decide.ts';
import type { Evaluated, IgnoredEvent } from '../core/deciding.ts';
import { notedIn } from '../core/deciding.ts';
import { defined } from '../core/defined.ts';
import type { OrderEvent, TaskFailed } from '../core/event.ts';
import type { JournalEntry } from '../core/journal-entry.ts';
import type { OrderState } from '../core/order.ts';
import type { Refusal } from '../core/refusal.ts';
import { historyOf } from '../core/task-records.ts';
import type { Turn } from '../core/turns.ts';
import { TooLargeError } from '../ports/too-large.ts';
import type { AdvancedOrder, KnownOutcome, Outcome } from './advanced-order.ts';
import { together, withUnused } from './advanced-order.ts';
import { answered } from './answering.ts';
import { placesAwaitedNoMore } from './awaited-places.ts';
import { endsIn } from './count-ends.ts';
import { moveDeadline } from './deadlines.ts';
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
import {
  awaitTurn,
  giveBack,
  letThrough,
  placesLeftInWait,
  placesServed,
  turnsOver,
} from './turns.ts';
import { failuresOfUnsendable, isUnsendable } from './unsendable.ts';
import type { Room } from './values-too-large.ts';
import { roomWithoutLargest } from './values-too-large.ts';

/** A writer that has lost this many races in a row gives the message back to its queue. */
const MAX_RACES = 20;

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
  const advanced: AdvancedOrder[] = [];

  // 1. Each order's entry is decided on and stored.
  await Promise.all(
    [...batch].map(async ([orderId, events]) => {
      try {
        const one = await advance(orderId, events, ports);
        outcomes.set(orderId, one?.outcome ?? { known: false });
        if (one !== undefined) advanced.push(one);
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
    advanced.map(async ({ orderId, parked, awaitedNoMore, turns, deadlines, outcome }) => {
      if (failures.has(orderId)) return;
      try {
        for (const command of parked.listed) await listParked(command, ports);
        for (const place of parked.left) await ports.parkedOrders.remove(place);
        for (const place of awaitedNoMore) await ports.awaitedEvents.forget(place);
        for (const place of turns.left) await ports.turns.leave(place);
        for (const command of turns.awaited) await awaitTurn(command, ports);
        await letThrough(turns.served, ports);
        await unmarkIfSeen(outcome.before, outcome.state, ports);
        await markIfOverlooked(outcome.state, ports);
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
    for (const { orderId, outcome } of advanced) {
      const later = after.outcomes.get(orderId);
      if (later !== undefined) outcomes.set(orderId, withVerdictsOf(outcome, later));
    }
    for (const [orderId, error] of after.failures) failures.set(orderId, error);
  }
  for (const orderId of failures.keys()) outcomes.delete(orderId);
  // Lambda freezes the process as soon as its handler returns.
  await watched;
  return { outcomes, failures };
}

function withVerdictsOf(earlier: KnownOutcome, later: Outcome): Outcome {
  if (!later.known) return later;
  return { ...later, verdicts: [...earlier.verdicts, ...later.verdicts] };
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
): Promise<AdvancedOrder | undefined> {
  const taken: Turn[] = [];
  for (let races = 0; races < MAX_RACES; races += 1) {
    if (races > 0) await ports.backOff(races);
    const expected = races === 0 ? foreseen(orderId, events, ports.journal) : undefined;
    const latest = expected ?? (await ports.journal.latest(orderId));
    if (latest === undefined) return undefined;
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
        return least && withUnused(least, taken);
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
      served: placesServed(state, taken),
    };
    return { orderId, outcome, messages, parked, awaitedNoMore, turns, deadlines, decisions };
  }
  throw new Error(`order ${orderId}: ${MAX_RACES} writers were faster`);
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
): Promise<AdvancedOrder | undefined> {
  const [only, ...more] = events;
  if (only === undefined) throw error;
  if (more.length > 0) return advanceOneByOne(orderId, events, before, ports);
  const first = asAnswer(before, only);
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

async function advanceOneByOne(
  orderId: string,
  events: readonly OrderEvent[],
  before: OrderState,
  ports: EnginePorts,
): Promise<AdvancedOrder | undefined> {
  const steps: AdvancedOrder[] = [];
  for (const event of events) {
    const step = await advance(orderId, [event], ports);
    if (step !== undefined) steps.push(step);
  }
  return together(before, steps);
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
