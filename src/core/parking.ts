import type { EntryDraft } from './entry-draft.ts';
import type { TaskReleased } from './event.ts';
import type { Instant } from './json.ts';
import type { OrderState, StagedOrder } from './order.ts';
import { hasEnded } from './order.ts';
import { LOOK_AFTER_MS } from './pausing.ts';
import type { Plugin } from './plugin.ts';
import type { HeldPlugin } from './quarantine.ts';
import { isHeldBack } from './quarantine.ts';
import { withTasks } from './stage-tasks.ts';
import type { HeldTask, ParkedTask, StageTask } from './task.ts';
import { awaitsTurn, isHeld } from './task.ts';
import { afterTurn, isTurnOpen } from './turns.ts';

/** The quarantine for which the plugin gets nothing new, if it is in one. */
export function heldBack(plugin: Plugin | undefined): HeldPlugin | undefined {
  const quarantine = plugin?.quarantined;
  return isHeldBack(quarantine) ? quarantine : undefined;
}

/** Whether the parked task is decided on again: it is let through, or nothing holds it back any more, or its order's pause has ended. */
export function isDueAgain(task: ParkedTask, order: StagedOrder, draft: EntryDraft): boolean {
  const { context, entry } = draft;
  if (task.released !== undefined) return true;
  if (awaitsTurn(task)) {
    if (isTurnOpen(task, draft)) return true;
  } else if (heldBack(context.plugins.get(task.plugin)) === undefined) return true;
  return 'resumedIn' in order && order.resumedIn === entry && task.entry !== entry;
}

/** The order with those parked tasks let through that the event means, or the reason why it changes nothing. */
export function afterRelease(
  order: StagedOrder,
  { plugin, parkedIn, canary, task: taskId }: TaskReleased,
  { entry }: EntryDraft,
): StagedOrder | string {
  // When it goes on, it is decided on again.
  if (order.status === 'paused') return 'the order is paused';
  if (taskId !== undefined) return afterTurn(order, { parkedIn, task: taskId });
  const isMeant = (task: StageTask): task is HeldTask =>
    isHeld(task) && task.plugin === plugin && task.entry === parkedIn;
  const first = order.stage.tasks.find(isMeant);
  if (first === undefined) return 'the task is not parked';
  return withTasks(order, (task) => {
    if (!isMeant(task)) return task;
    if (!canary) return { ...task, released: 'wave' };
    // The others are listed as parked once more: the entry of the list was for all of them.
    return task === first ? { ...task, released: 'canary' } : { ...task, entry };
  });
}

/** The parked task once its day has come: someone has been asked to look, and will be again. Whoever waits for a turn asks again. */
export function parkedOn(task: ParkedTask, { at }: EntryDraft): ParkedTask {
  if (awaitsTurn(task)) return task;
  return task.lookAt <= at ? { ...task, lookAt: at + LOOK_AFTER_MS } : task;
}

/** Where an order stands in the list of those that are parked for a plugin. */
export interface ParkedOrder {
  readonly plugin: string;
  readonly orderId: string;
  readonly parkedAt: Instant;
  /** The journal entry in which the order's tasks were parked. */
  readonly entry: number;
}

/** The places of the list in which the order stands: a paused order stands in none. */
export function parkedPlaces(state: OrderState): readonly ParkedOrder[] {
  if (hasEnded(state) || state.status === 'accepted' || state.status === 'paused') return [];
  const { orderId } = state;
  const places = state.stage.tasks.flatMap((task): ParkedOrder[] => {
    if (!isHeld(task)) return [];
    const { plugin, parkedAt, entry } = task;
    return [{ plugin, orderId, parkedAt, entry }];
  });
  return places.filter(
    (place, index) => index === places.findIndex((one) => isSamePlace(one, place)),
  );
}

export function isSamePlace(one: ParkedOrder, other: ParkedOrder): boolean {
  return (
    one.plugin === other.plugin && one.entry === other.entry && one.parkedAt === other.parkedAt
  );
}
