import { pluginsNamedIn } from '../contract/definition-content.ts';
import type { ArmDeadline, Command, DisarmDeadline } from '../core/command.ts';
import { decide } from '../core/decide.ts';
import type { Answer, Context, Deciding, Decision, History, Question } from '../core/deciding.ts';
import type { OrderEvent } from '../core/event.ts';
import { historyOf } from '../core/journal-entry.ts';
import type { Instant } from '../core/json.ts';
import type { OrderState } from '../core/order.ts';
import { outlineOf } from '../core/workflow.ts';
import type { OutgoingMessage } from '../ports/messenger.ts';
import { TooLargeError } from '../ports/too-large.ts';
import type { EnginePorts } from './engine-ports.ts';
import { evaluateTemplates, needsHistory } from './expressions.ts';
import { callingOnce, messagesFor } from './routing.ts';

/** A writer that has lost this many races in a row gives the message back to its queue. */
const MAX_RACES = 20;

/** What became of one order's events. */
export type Outcome =
  | { readonly known: false }
  | { readonly known: true; readonly state: OrderState; readonly changed: boolean };

/** What became of a batch: per order an outcome, or the error for which its messages have to come again. */
export interface BatchOutcome {
  readonly outcomes: ReadonlyMap<string, Outcome>;
  readonly failures: ReadonlyMap<string, Error>;
}

/**
 * The one loop: load the last entry, decide, store the next entry, send the commands. Storing is the lock: who loses the
 * race loads and decides again. When this returns without a failure for an order, its entry is stored and its commands
 * are sent, and the message that brought the events may be acknowledged; not before.
 */
export async function advanceOrders(
  batch: ReadonlyMap<string, readonly OrderEvent[]>,
  ports: EnginePorts,
): Promise<BatchOutcome> {
  const outcomes = new Map<string, Outcome>();
  const failures = new Map<string, Error>();
  const advanced: Advanced[] = [];
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
  const messages = callingOnce(advanced.flatMap((one) => one.messages));
  const undelivered = await ports.messenger.send(messages);
  const undeliverable = tooLargeToSend(messages, undelivered, ports.clock());
  for (const [orderId, error] of undelivered) {
    if (!undeliverable.has(orderId)) failures.set(orderId, error);
  }
  await Promise.all(
    advanced.map(async (one) => {
      if (failures.has(one.orderId)) return;
      await lookAfter(one, ports).catch((error: Error) => failures.set(one.orderId, error));
    }),
  );
  if (undeliverable.size > 0) {
    const after = await advanceOrders(undeliverable, ports);
    for (const [orderId, outcome] of after.outcomes) outcomes.set(orderId, outcome);
    for (const [orderId, error] of after.failures) failures.set(orderId, error);
  }
  for (const orderId of failures.keys()) outcomes.delete(orderId);
  return { outcomes, failures };
}

/** Tasks whose message no queue takes have failed: to send it again would change nothing. By order. */
function tooLargeToSend(
  messages: readonly OutgoingMessage[],
  undelivered: ReadonlyMap<string, Error>,
  at: Instant,
): ReadonlyMap<string, readonly OrderEvent[]> {
  const events = new Map<string, OrderEvent[]>();
  for (const outgoing of messages) {
    const error = undelivered.get(outgoing.orderId);
    if (outgoing.to !== 'plugin' || !(error instanceof TooLargeError)) continue;
    if (Buffer.byteLength(JSON.stringify(outgoing.body)) <= error.limit) continue;
    const failure = {
      code: 'INPUT_TOO_LARGE',
      message: `its message cannot be sent: ${error.message}`,
    };
    const failed = Object.values(outgoing.body.invited).map(
      ({ taskId, attempt }): OrderEvent => ({
        type: 'TaskFailed',
        ...{ at, taskId, attempt, error: failure, retry: 'never' },
      }),
    );
    events.set(outgoing.orderId, [...(events.get(outgoing.orderId) ?? []), ...failed]);
  }
  return events;
}

/** One order after its entry is stored: what is left to send, and then to arm or to disarm. */
interface Advanced {
  readonly orderId: string;
  readonly outcome: Outcome;
  readonly messages: readonly OutgoingMessage[];
  readonly deadlines: readonly (ArmDeadline | DisarmDeadline)[];
}

/**
 * Arms and disarms only when all else is sent: until then the sweeper keeps finding the order, which makes up for what a
 * sweep of its own could not send.
 */
async function lookAfter(
  { orderId, deadlines }: Advanced,
  { activeOrders }: EnginePorts,
): Promise<void> {
  for (const command of deadlines) {
    if (command.type === 'DisarmDeadline') await activeOrders.remove(orderId);
    else await activeOrders.arm(orderId, command);
  }
}

async function advance(
  orderId: string,
  events: readonly OrderEvent[],
  ports: EnginePorts,
  refused?: TooLargeError,
): Promise<Advanced> {
  for (let race = 0; race < MAX_RACES; race += 1) {
    const latest = await ports.journal.latest(orderId);
    if (latest === undefined) {
      return { orderId, outcome: { known: false }, messages: [], deadlines: [] };
    }
    const before = latest.state;
    const context = await contextOf(before, ports);
    const decision = await answering(before, decide(before, events, context), ports, refused);
    const { state, applied, commands } = decision;
    const changed = state !== before;
    if (changed) {
      const at = Math.max(...applied.map((event) => event.at));
      const entry = { orderId, number: state.entry, at, events: applied, state };
      try {
        if ((await ports.journal.append(entry, latest)) === 'taken') continue;
      } catch (error) {
        if (!(error instanceof TooLargeError)) throw error;
        const smaller = withoutResults(events, error);
        if (smaller !== undefined) return advance(orderId, smaller, ports, refused);
        // What is left that can be large are inputs that expressions made.
        if (refused !== undefined) throw error;
        return advance(orderId, events, ports, error);
      }
    }
    const messages = await outgoingFor(commands, context, ports);
    const deadlines = commands.filter(isForSweeper);
    return { orderId, outcome: { known: true, state, changed }, messages, deadlines };
  }
  throw new Error(`order ${orderId}: ${MAX_RACES} writers were faster`);
}

/**
 * When the results do not fit into the order any more, nothing is won by trying again: their tasks have failed, which is
 * small enough to be stored. `undefined` where no result is to blame.
 */
function withoutResults(
  events: readonly OrderEvent[],
  error: TooLargeError,
): readonly OrderEvent[] | undefined {
  if (!events.some(({ type }) => type === 'TaskCompleted')) return undefined;
  const failure = {
    code: 'RESULT_TOO_LARGE',
    message: `the result does not fit: ${error.message}`,
  };
  return events.map((event) => {
    if (event.type !== 'TaskCompleted') return event;
    const { result: _, ...answered } = event;
    return { ...answered, type: 'TaskFailed', error: failure, retry: 'never' };
  });
}

async function contextOf({ workflow: ref }: OrderState, ports: EnginePorts): Promise<Context> {
  const workflow = await ports.workflows.get(ref);
  if (workflow === undefined) {
    throw new Error(`workflow ${ref.name} has no version ${ref.version}`);
  }
  // A plugin may have been deployed a moment ago: what an instance remembers must not cost an order its attempts.
  const plugins = await ports.registry.plugins({ naming: pluginsNamedIn(workflow) });
  return { workflow, plugins };
}

/**
 * Drives a decision to its end, and looks up what it asks for on the way. After what its expressions came to was `refused`, each
 * of them has failed.
 */
async function answering(
  state: OrderState,
  deciding: Deciding<Decision>,
  ports: EnginePorts,
  refused: TooLargeError | undefined,
): Promise<Decision> {
  let step = deciding.next(NOTHING_ASKED);
  while (!step.done) step = deciding.next(await answer(state, step.value, ports, refused));
  return step.value;
}

/** A generator's first `next` starts it; what it is given there is never read. */
const NOTHING_ASKED: Answer = [];

async function answer(
  state: OrderState,
  question: Question,
  ports: EnginePorts,
  refused: TooLargeError | undefined,
): Promise<Answer> {
  const { orderId, attributes } = state;
  const history = async (applied: readonly OrderEvent[] = []): Promise<History> =>
    historyOf(await ports.journal.entries(orderId), applied);
  switch (question.type) {
    case 'RecallHistory':
      return history();
    case 'EvaluateExpressions': {
      const { expressions, payload, applied } = question;
      if (refused !== undefined) {
        const error = `its value does not fit: ${refused.message}`;
        return expressions.map(() => ({ error }));
      }
      const looksBack = needsHistory(expressions) ? { history: await history(applied) } : {};
      return evaluateTemplates(expressions, { orderId, attributes, payload, ...looksBack });
    }
  }
}

function isForSweeper(command: Command): command is ArmDeadline | DisarmDeadline {
  if (command.type === 'DisarmDeadline') return true;
  return command.type === 'ArmDeadline' && command.by === 'sweeper';
}

/** What the messenger has to carry; the history that some plugins want is read here. */
async function outgoingFor(commands: readonly Command[], context: Context, ports: EnginePorts) {
  const looksBack = commands.find((one) => one.type === 'DispatchTask' && one.history);
  const entries =
    looksBack?.type === 'DispatchTask' ? await ports.journal.entries(looksBack.orderId) : [];
  return messagesFor(commands, {
    plugins: context.plugins,
    outline: outlineOf(context.workflow),
    historyUpTo: (entry) => historyOf(entries.filter(({ number }) => number <= entry)),
    now: ports.clock(),
    subscriptionSettlesSeconds: ports.subscriptionSettlesSeconds,
  });
}
