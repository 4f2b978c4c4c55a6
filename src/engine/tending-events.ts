import type { Awaited, AwaitingTask } from '../core/awaiting.ts';
import { awaitedBy, awaitingTasks, fits } from '../core/awaiting.ts';
import type { EventReceived, TaskCompleted } from '../core/event.ts';
import type { Instant } from '../core/json.ts';
import type { OrderState } from '../core/order.ts';
import { isOlderThanArrival, takenIn } from '../core/repeats.ts';
import type { EventPlace, KeptEvent, KeyedPlace, ListedEvent } from '../ports/awaited-events.ts';
import { isKeyed } from '../ports/awaited-events.ts';
import type { OutgoingMessage } from '../ports/messenger.ts';
import type { DueEvent } from './due-event.ts';
import type { EnginePorts } from './engine-ports.ts';

/**
 * Who waits takes its own place off the list. One that a process left there when it died goes so much later: by then, no pause has put off
 * the end of the wait. Milliseconds.
 */
const LISTED_AFTER_END_MS = 400 * 86_400_000;

/** An event may be there for the order. */
export interface EventDue {
  readonly orderId: string;
  /** The task that waits, in its attempt. Absent: any task of the order. */
  readonly taskId?: string | undefined;
  readonly attempt?: number | undefined;
  /** What has come, and found the task listed there. Absent: the task begins to wait, or an event came for the order alone. */
  readonly eventType?: string | undefined;
  readonly key?: string | undefined;
  /** The message has come before: whoever took it may have died. */
  readonly isAgain: boolean;
}

type EventPorts = Pick<EnginePorts, 'journal' | 'awaitedEvents' | 'clock'>;

/**
 * Keeps the event, and tells every order that waits for it.
 * @returns what is kept under the event's id, and how many tasks were told
 * @throws when somebody may not have been told: to receive it again is to receive it once
 */
export async function receiveEvent(
  event: KeptEvent,
  { awaitedEvents, messenger }: Pick<EnginePorts, 'awaitedEvents' | 'messenger'>,
): Promise<{ readonly kept: KeptEvent; readonly told: number }> {
  const kept = await awaitedEvents.keep(event);
  const { eventType, key, orderId } = event;
  const tell = async (due: readonly Omit<EventDue, 'isAgain'>[]) => {
    const [unsent] = await messenger.send(due.map(nudge));
    if (unsent !== undefined) throw unsent.error;
  };
  if (orderId !== undefined) {
    await tell([{ orderId }]);
    return { kept, told: 1 };
  }
  let told = 0;
  for await (const places of awaitedEvents.awaiting({ eventType, key: key ?? '' })) {
    await tell(places);
    told += places.length;
  }
  return { kept, told };
}

function nudge({ orderId, ...due }: Omit<EventDue, 'isAgain'>): OutgoingMessage {
  const body = { type: 'EventDue', orderId, ...due } as const;
  return { to: 'orchestrator', orderId, delaySeconds: 0, body };
}

/**
 * Lists the task where events find it, and finds out which of those that have come are for it. First the one, then the other: an event that
 * comes in between finds the task listed. The journal says which events the order has taken already, so that to look twice is to look once.
 */
export async function tendEvents(
  message: EventDue,
  ports: EventPorts,
): Promise<readonly DueEvent[]> {
  const { orderId, taskId, eventType } = message;
  const state = (await ports.journal.latest(orderId))?.state;
  const tasks =
    state === undefined ? [] : awaitingTasks(state).filter((task) => isMeant(task, message));
  if (tasks.length === 0) await forgetStray(message, ports);
  const begins = taskId !== undefined && eventType === undefined;
  if (begins) for (const task of tasks) await list(task, orderId, ports);
  const due: DueEvent[] = [];
  for (const task of firstOfEach(tasks)) {
    const events = await comeFor(task, state as OrderState, ports);
    due.push(...events.map((event) => [orderId, event] as const));
  }
  return message.isAgain ? [...due, ...(await takenBefore(message, ports))] : due;
}

/** Of tasks that wait for the same, the first. */
function firstOfEach(tasks: readonly AwaitingTask[]): readonly AwaitingTask[] {
  return tasks.filter((task, at) => {
    const awaited = awaitedBy(task);
    return at === tasks.findIndex((other) => isSame(awaited, awaitedBy(other)));
  });
}

function isMeant(task: AwaitingTask, { taskId, attempt }: EventDue): boolean {
  if (taskId === undefined) return true;
  return task.taskId === taskId && task.attempt === attempt;
}

/** Whoever was to take it off the list may have died. */
async function forgetStray(
  { orderId, taskId, attempt, eventType, key }: EventDue,
  { awaitedEvents }: EventPorts,
): Promise<void> {
  const place = { orderId, taskId, attempt, eventType, key };
  if (isWhole(place)) await awaitedEvents.forget(place);
}

function isWhole(place: { readonly [Key in keyof KeyedPlace]: unknown }): place is KeyedPlace {
  return Object.values(place).every((value) => value !== undefined);
}

async function list(
  task: AwaitingTask,
  orderId: string,
  { awaitedEvents }: EventPorts,
): Promise<void> {
  const { taskId, attempt, giveUpAt } = task;
  const place = { orderId, taskId, attempt, ...awaitedBy(task) };
  if (isKeyed(place)) await awaitedEvents.await(place, giveUpAt + LISTED_AFTER_END_MS);
}

/**
 * The first events that came for what the task waits for, of those that the order has not taken: as many as tasks wait for the type, since
 * those that wait otherwise may take some of them.
 */
async function comeFor(
  task: AwaitingTask,
  state: OrderState,
  ports: EventPorts,
): Promise<readonly EventReceived[]> {
  const { orderId } = state;
  const awaited = awaitedBy(task);
  const listed = await listedFor(awaited, orderId, ports);
  const [first] = listed;
  if (first === undefined) return [];
  const taken = await takenSince(first.receivedAt, orderId, ports);
  const free = listed.filter(({ eventId }) => !taken.has(eventId));
  const waiting = awaitingTasks(state).filter(({ plugin }) => plugin === awaited.eventType);
  const events = await Promise.all(
    free
      .slice(0, waiting.length)
      .map(({ place, eventId }) => ports.awaitedEvents.get(place, eventId)),
  );
  return events
    .filter((event) => event !== undefined)
    .map((event) => asReceived(event, task, ports));
}

async function listedFor(
  awaited: Awaited,
  orderId: string,
  { awaitedEvents }: EventPorts,
): Promise<readonly (ListedEvent & { readonly place: EventPlace })[]> {
  const { eventType, key } = awaited;
  const places: EventPlace[] = [{ orderId }, ...(key === undefined ? [] : [{ eventType, key }])];
  const found = await Promise.all(
    places.map(async (place) =>
      (await awaitedEvents.kept(place)).map((event) => ({ ...event, place })),
    ),
  );
  return found
    .flat()
    .filter((event) => fits(event, awaited))
    .toSorted((a, b) => a.receivedAt - b.receivedAt);
}

/** The events that the order has taken, of those that have come since. */
async function takenSince(
  since: Instant,
  orderId: string,
  { journal }: EventPorts,
): Promise<ReadonlySet<string | undefined>> {
  const taken = new Set<string | undefined>();
  for await (const entry of journal.newestFirst(orderId)) {
    if (isOlderThanArrival(entry, since)) break;
    for (const event of entry.events) taken.add(takenIn(event));
  }
  return taken;
}

function isSame(one: Awaited, other: Awaited): boolean {
  return one.eventType === other.eventType && one.key === other.key;
}

function asReceived(
  event: KeptEvent,
  { taskId }: AwaitingTask,
  { clock }: EventPorts,
): EventReceived {
  const { orderId: _, ...received } = event;
  return { type: 'EventReceived', at: clock(), foundFor: taskId, ...received };
}

/**
 * What has completed the task, or any, because of an event: the message may come again since whoever took it died before all was sent that
 * its entry commanded, which is sent again as for any event that comes again.
 */
async function takenBefore(
  { orderId, taskId }: EventDue,
  { journal }: EventPorts,
): Promise<readonly DueEvent[]> {
  const answers: TaskCompleted[] = [];
  for await (const { events } of journal.newestFirst(orderId)) {
    for (const event of events) {
      if (!('event' in event)) continue;
      if (taskId === undefined || event.taskId === taskId) answers.push(event);
    }
    if (taskId !== undefined && answers.length > 0) break;
  }
  return answers.map((answer) => [orderId, answer]);
}
