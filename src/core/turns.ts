/**
 * A plugin may say how many tasks of one client it takes at once. A task of that client is sent only with one of these turns, which it keeps
 * while its attempt lies in the plugin's queue or is at work; without one it is parked until its turn comes. This file says who
 * needs a turn and who has one. How turns are counted, and handed on to whoever has waited longest, is the engine's: see engine/turns.ts.
 *
 * What undoes a job needs none: it takes back what the client has had already, and waits for nothing that it does not have to.
 * An order that is no client's needs none either: it shares with nobody what it takes.
 */
import type { Deciding } from './deciding.ts';
import { askTurns } from './deciding.ts';
import { defined } from './defined.ts';
import type { EntryDraft } from './entry-draft.ts';
import { undoTraits } from './failed-attempt.ts';
import type { Instant } from './json.ts';
import type { CompensatingOrder, OrderState, RunningOrder, StagedOrder } from './order.ts';
import { hasEnded } from './order.ts';
import { LOOK_AFTER_MS } from './pausing.ts';
import { placeOf, withTasks } from './stage-tasks.ts';
import type { BackingOffTask, InFlightTask, StageTask, WaitingTask } from './task.ts';
import { awaitsTurn, isPlugins } from './task.ts';

/** Whose turns they are: those of one client at one plugin. */
export interface Sharer {
  readonly plugin: string;
  readonly client: string;
}

/** A turn that a task has, or asks for. The entry tells it from an earlier one of the same task. */
export interface Turn extends Sharer {
  readonly orderId: string;
  readonly taskId: string;
  /** The journal entry for which it was taken: the one that sends the task, or the one in which the task began to wait for it. */
  readonly takenFor: number;
}

export interface AskedTurn extends Turn {
  /** So many tasks of the client the plugin takes at once. */
  readonly most: number;
}

/** Where a task stands among those of its client that wait for a turn. */
export interface PlaceInWait extends Sharer {
  readonly orderId: string;
  readonly taskId: string;
  readonly since: Instant;
  /** The journal entry in which the task began to wait, or looked again. */
  readonly entry: number;
}

/** The order with a turn for each task that has just been sent and needs one; those that get none are parked. */
export function* withTurns<Order extends RunningOrder | CompensatingOrder>(
  before: Order,
  sent: Order,
  draft: EntryDraft,
): Deciding<Order> {
  const asked = sent.stage.tasks.flatMap((task, index) => {
    const was = before.stage.tasks[index] as StageTask;
    if (task === was || task.status !== 'inFlight') return [];
    const turn = turnFor(sent, task, draft);
    return turn === undefined ? [] : [{ task, was, turn }];
  });
  const got = yield* askTurns(asked.map(({ turn }) => turn));
  const decided = new Map(
    asked.map(({ task, was, turn }): [StageTask, StageTask] => {
      const hasTurn = got.has(turn.taskId);
      return [task, hasTurn ? { ...task, turn: turn.takenFor } : waiting(task, was, turn, draft)];
    }),
  );
  return withTasks(sent, (task) => decided.get(task) ?? task);
}

/** The turn that the task needs and does not have. */
function turnFor(
  { orderId, client }: StagedOrder,
  task: InFlightTask,
  { entry, context }: EntryDraft,
): AskedTurn | undefined {
  if (client === undefined || task.turn !== undefined) return undefined;
  if (!isPlugins(task) || task.undoes !== undefined) return undefined;
  const { plugin, taskId } = task;
  const most = context.plugins.get(plugin)?.tasksPerClient;
  if (most === undefined) return undefined;
  return { plugin, client, orderId, taskId, takenFor: entry, most };
}

/** The task as it was about to be sent, parked. Whoever looks again keeps its place. */
function waiting(
  task: InFlightTask,
  was: StageTask,
  { most }: AskedTurn,
  { at, entry }: EntryDraft,
): WaitingTask {
  const lookAt = at + LOOK_AFTER_MS;
  if (awaitsTurn(was)) {
    const { released: _, ...still } = was;
    return { ...still, entry, awaitsTurn: most, lookAt: was.lookAt <= at ? lookAt : was.lookAt };
  }
  const { taskId, job, attempt, input, giveUpAt, givenBack } = task;
  const { error, waitedMs, heldSince } = was as Partial<BackingOffTask>;
  return {
    status: 'parked',
    ...{ ...placeOf(task), taskId, job, attempt: attempt - 1, entry, giveUpAt },
    ...{ ...defined({ input, givenBack, waitedMs, error, heldSince }), ...undoTraits(task) },
    ...{ parkedAt: at, lookAt, awaitsTurn: most },
  };
}

/** Whether the task need not wait for its turn any longer, or asks again since its day has come. */
export function isTurnOpen({ plugin, lookAt }: WaitingTask, { context, at }: EntryDraft): boolean {
  return lookAt <= at || context.plugins.get(plugin)?.tasksPerClient === undefined;
}

/** The order with the task let through whose turn has come, or the reason why it changes nothing. */
export function afterTurn(
  order: StagedOrder,
  { parkedIn, task: taskId }: { readonly parkedIn: number; readonly task: string },
): StagedOrder | string {
  const isMeant = (task: StageTask): task is WaitingTask =>
    awaitsTurn(task) && task.taskId === taskId && task.entry === parkedIn;
  if (!order.stage.tasks.some(isMeant)) return 'the task does not wait for a turn';
  return withTasks(order, (task) => (isMeant(task) ? { ...task, released: 'turn' } : task));
}

/** The turns that tasks of the order have. */
export function turnsIn(state: OrderState): readonly Turn[] {
  const { orderId, client } = state;
  if (client === undefined || hasEnded(state) || state.status === 'accepted') return [];
  return state.stage.tasks.flatMap((task): Turn[] => {
    if ((task.status !== 'inFlight' && task.status !== 'backingOff') || task.turn === undefined) {
      return [];
    }
    const { plugin, taskId, turn: takenFor } = task;
    return [{ plugin, client, orderId, taskId, takenFor }];
  });
}

/** Where tasks of the order wait for a turn. Those of an order that is paused or undone wait for none. */
export function placesInWait(state: OrderState): readonly PlaceInWait[] {
  const { orderId, client } = state;
  if (client === undefined || state.status !== 'running') return [];
  return state.stage.tasks.filter(awaitsTurn).map(({ plugin, taskId, parkedAt: since, entry }) => ({
    ...{ plugin, client, orderId, taskId, since, entry },
  }));
}

/** The turn that is taken for the task that waits there. */
export function turnOf({ plugin, client, orderId, taskId, entry: takenFor }: PlaceInWait): Turn {
  return { plugin, client, orderId, taskId, takenFor };
}

export function isSameWait(one: PlaceInWait, other: PlaceInWait): boolean {
  return isSameTurn(turnOf(one), turnOf(other));
}

/** A task has one turn at a time, and asks for it in an entry of its order. */
export function isSameTurn(one: Turn, other: Turn): boolean {
  return (
    one.orderId === other.orderId && one.taskId === other.taskId && one.takenFor === other.takenFor
  );
}
