/**
 * A task may wait for an event from outside instead of a plugin. It is in flight until one comes, under its deadline like any other; what
 * comes completes it. This file says which event is for which task; who keeps events, and looks for those that have come, is
 * src/engine/tending-events.ts.
 */
import type { AwaitEvent } from './command.ts';
import { defined } from './defined.ts';
import type { EventReceived, OrderEvent, TaskCompleted } from './event.ts';
import type { Json } from './json.ts';
import type { OrderState } from './order.ts';
import { hasEnded } from './order.ts';
import type { TaskPolicy } from './retry.ts';
import { DEFAULT_POLICY } from './retry.ts';
import type { InFlightTask, StageTask } from './task.ts';
import type { TaskStep } from './workflow.ts';

/** A task waits that long for its event, unless its step says otherwise. Seconds. */
const AWAITS_SECONDS = 7 * 86_400;

/** Keys are hashed: this only keeps out what nobody can mean. Characters. */
const MOST_KEY_CHARACTERS = 1024;

/** A task that waits for an event. */
export type AwaitingTask = InFlightTask & { readonly awaits: true };

export function isAwaiting(task: StageTask): task is AwaitingTask {
  return task.status === 'inFlight' && task.awaits === true;
}

/** Its whole time is one attempt's, so that no other follows by itself: whoever wants to wait longer says so. */
export function awaitPolicy(step: TaskStep | undefined): TaskPolicy {
  const { timeoutSeconds = AWAITS_SECONDS } = step ?? {};
  return { ...DEFAULT_POLICY, timeoutSeconds, totalSeconds: timeoutSeconds };
}

/** What an order waits for: an event of this type, for the order alone; and with a key, one that anybody may send under it. */
export interface Awaited {
  readonly eventType: string;
  readonly key?: string;
}

/** One task's waiting, in one attempt. */
export interface AwaitedPlace extends Awaited {
  readonly orderId: string;
  readonly taskId: string;
  readonly attempt: number;
}

/** Its input is the key, as its step or a person has given it. */
export function awaitedBy({ plugin, input }: AwaitingTask): Awaited {
  return {
    eventType: plugin,
    ...defined({ key: input === undefined ? undefined : String(input) }),
  };
}

/** Why the value cannot be a key, if so: what an expression came to by mistake would be waited for in vain. */
export function wrongWithKey(value: Json): string | undefined {
  const isKey = (typeof value === 'string' && value !== '') || typeof value === 'number';
  if (!isKey) return 'it must be a text that is not empty, or a number';
  return String(value).length > MOST_KEY_CHARACTERS
    ? `it must have at most ${MOST_KEY_CHARACTERS} characters`
    : undefined;
}

/** Tasks of the order that wait for events now, paused or not, in the order in which they take them. */
export function awaitingTasks(state: OrderState): readonly AwaitingTask[] {
  if (hasEnded(state) || state.status === 'accepted') return [];
  return state.stage.tasks.filter(isAwaiting);
}

/** What each of the order's tasks waits for. */
export function awaitedPlaces(state: OrderState): readonly AwaitedPlace[] {
  const { orderId } = state;
  return awaitingTasks(state).map((task) => {
    const { taskId, attempt } = task;
    return { orderId, taskId, attempt, ...awaitedBy(task) };
  });
}

/** Whether the event is one that the task waits for. One for the order alone may leave out the key. */
export function fits(event: Awaited, awaited: Awaited): boolean {
  if (event.eventType !== awaited.eventType) return false;
  return event.key === undefined || event.key === awaited.key;
}

/**
 * The event as the answer to the task for which it was found, or, if that waits no longer, to the first one that waits for it. All other
 * events are as they are, and so is one that nobody waits for.
 */
export function asAnswer(state: OrderState, event: OrderEvent): OrderEvent {
  if (event.type !== 'EventReceived') return event;
  const waiting = awaitingTasks(state).filter((one) => fits(event, awaitedBy(one)));
  const task = waiting.find(({ taskId }) => taskId === event.foundFor) ?? waiting[0];
  return task === undefined ? event : answerTo(task, event);
}

function answerTo({ taskId, attempt }: AwaitingTask, event: EventReceived): TaskCompleted {
  const { at, eventId, receivedAt, data } = event;
  const answer = { type: 'TaskCompleted', at, taskId, attempt, result: data } as const;
  return { ...answer, event: { id: eventId, receivedAt } };
}

/** Whoever does it finds in the order's journal what is waited for. */
export function awaitEvent(orderId: string, { taskId, attempt }: AwaitingTask): AwaitEvent {
  return { type: 'AwaitEvent', orderId, taskId, attempt };
}
