import type { AwaitingTask } from '../core/awaiting.ts';
import { awaitingTasks } from '../core/awaiting.ts';
import type { Command, DispatchTask } from '../core/command.ts';
import { decide, placeOrder } from '../core/decide.ts';
import type { Context } from '../core/deciding.ts';
import { notedIn } from '../core/deciding.ts';
import type { OrderEvent, RetryAdvice } from '../core/event.ts';
import type { JournalEntry } from '../core/journal-entry.ts';
import type { Instant, Json } from '../core/json.ts';
import type { Attributes, OrderState, StagedOrder } from '../core/order.ts';
import { hasEnded } from '../core/order.ts';
import { undoneJob } from '../core/task-records.ts';
import type { Turn } from '../core/turns.ts';
import type { Evaluator } from '../ports/evaluator.ts';
import { answered } from './answering.ts';
import { contentOf } from './outgoing-messages.ts';

/** The clock of a trial begins here: the same trial gives the same order, to the millisecond. */
export const TRIAL_BEGINS_AT: Instant = Date.UTC(2026, 0, 1);

/** More decisions than an order of ten thousand tasks takes. */
const MOST_DECISIONS = 50_000;

/** An answer of a plugin, in so many milliseconds; nothing for one that never answers. */
export interface Performance {
  readonly afterMs: number;
  readonly answer:
    | { readonly result: Json }
    | ({ readonly code: string; readonly message: string } & RetryAdvice);
}

/** An attempt as its plugin gets it. */
export type SentTask = Pick<
  DispatchTask,
  | 'taskId'
  | 'job'
  | 'plugin'
  | 'attempt'
  | 'stage'
  | 'attributes'
  | 'caught'
  | 'compensates'
  | 'child'
> &
  ReturnType<typeof contentOf> & {
    /** No plugin gets it: it waits for an event whose type stands in `plugin`, under the key in `input`. */
    readonly awaits?: true;
  };

export type Perform = (task: SentTask) => Promise<Performance | undefined>;

export interface TrialOrder {
  readonly input: Json;
  readonly attributes: Attributes;
}

/** What a trial has left behind. */
export interface TrialJournal {
  readonly entries: readonly JournalEntry[];
  readonly dispatched: readonly (SentTask & { readonly at: Instant })[];
}

interface Coming {
  readonly at: Instant;
  readonly event: OrderEvent;
}

/**
 * Plays an order from its placing to its end, by the core that decides in the running system. The clock is the trial's own: it jumps
 * from one event to the next, whether that is an answer, the end of a pause, or a deadline.
 */
export async function tryOrder(
  { input, attributes }: TrialOrder,
  context: Context,
  perform: Perform,
  evaluator: Evaluator,
  beginsAt: Instant = TRIAL_BEGINS_AT,
  mostDecisions: number = MOST_DECISIONS,
): Promise<TrialJournal> {
  const orderId = 'trial';
  const { name, version } = context.workflow;
  const placed = {
    ...({ type: 'OrderPlaced', at: beginsAt, orderId, input, attributes } as const),
    ...{ workflow: { name, version }, fingerprint: '' },
  };
  let state: OrderState = placeOrder(placed);
  const entries: JournalEntry[] = [{ orderId, number: 0, at: placed.at, events: [placed], state }];
  const dispatched: (SentTask & { at: Instant })[] = [];
  // Nothing comes twice.
  const recall = { entries: async () => entries, entriesOf: async () => [] };
  const workflows = { get: async () => context.workflow };
  const ports = { ...NO_WORLD, evaluator, workflows };
  let coming: Coming[] = [{ at: placed.at, event: { type: 'OrderAccepted', at: placed.at } }];
  for (let decisions = 0; !hasEnded(state) && state.status !== 'paused'; decisions += 1) {
    if (decisions === mostDecisions) throw new Error('the order comes to no end');
    const next = nextOf(coming, state);
    coming = coming.filter((one) => one !== next);
    const deciding = decide(state, [next.event], context);
    const sources = { state, context, recall, ports, room: undefined };
    const { decision } = await answered(deciding, sources);
    const { at, applied, commands } = decision;
    if (decision.state !== state) {
      state = decision.state;
      entries.push({
        orderId,
        number: state.entry,
        at,
        events: applied,
        state,
        ...notedIn(decision),
      });
    }
    const jobs = { undoneJob: (_: number, job: string) => undoneJob(entries, job) };
    for (const task of commands.flatMap((command) => sentBy(command, state, jobs))) {
      dispatched.push({ ...task, at });
      const performed = await perform(task);
      if (performed !== undefined) coming.push(answerOf(task, at, performed));
    }
  }
  return { entries, dispatched };
}

function sentBy(
  command: Command,
  state: OrderState,
  jobs: Parameters<typeof contentOf>[1],
): readonly SentTask[] {
  if (command.type === 'AwaitEvent') {
    return awaitingTasks(state)
      .filter(({ taskId }) => taskId === command.taskId)
      .map((task) => waitOf(task, state as StagedOrder));
  }
  return command.type === 'DispatchTask' ? [{ ...command, ...contentOf(command, jobs) }] : [];
}

function waitOf(task: AwaitingTask, { attributes, stage }: StagedOrder): SentTask {
  const { taskId, job, plugin, attempt, input = null } = task;
  return { awaits: true, taskId, job, plugin, attempt, input, stage: stage.stage, attributes };
}

/** What happens first: an answer, or the instant that the order waits for. */
function nextOf(coming: readonly Coming[], state: OrderState): Coming {
  const [first] = [...coming].sort((a, b) => a.at - b.at);
  const { at } = (state as Extract<OrderState, { wakeUp: unknown }>).wakeUp;
  if (first !== undefined && first.at <= at) return first;
  return { at, event: { type: 'DeadlinePassed', at, armedFor: at } };
}

function answerOf(
  { taskId, attempt, plugin, child, awaits }: SentTask,
  dispatchedAt: Instant,
  { afterMs, answer }: Performance,
): Coming {
  const at = dispatchedAt + afterMs;
  // Neither a child order nor an event is a plugin that answers.
  const isPlugins = child === undefined && awaits === undefined;
  const from = { at, taskId, attempt, ...(isPlugins && { by: plugin }) };
  if ('result' in answer) return { at, event: { type: 'TaskCompleted', ...from, ...answer } };
  const { code, message, ...advice } = answer;
  return { at, event: { type: 'TaskFailed', ...from, error: { code, message }, ...advice } };
}

/** No queue has a backlog, nobody waits for a turn, and the order stands where it says. */
const NO_WORLD = {
  backlogs: { oldest: async () => new Map() },
  activeOrders: { has: async () => true },
  turns: { take: async (turns: readonly Turn[]) => turns },
};
