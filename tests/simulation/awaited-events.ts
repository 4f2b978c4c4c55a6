import { isDeepStrictEqual } from 'node:util';
import type { TaskCompleted } from '../../src/core/event.ts';
import type { JournalEntry } from '../../src/core/journal-entry.ts';
import type { Instant, Json } from '../../src/core/json.ts';
import type { InFlightTask } from '../../src/core/task.ts';
import { tasksOf } from '../../src/core/task-records.ts';
import { EVENTS_KEPT_MS } from '../../src/ports/awaited-events.ts';
import { failedAttempts } from './attempts.ts';
import type { SentEvent } from './event-senders.ts';
import type { ScenarioEvent } from './scenario.ts';
import type { Aftermath } from './world.ts';

/** Clocks of two instances, and what a call takes. */
const ORDINARY_MS = 15_000;

/** An event that was there by then is taken by now, whatever else holds the order up. */
const TAKEN_WITHIN_MS = 90_000;

/** What a task has taken, and where. */
interface Taken {
  readonly event: TaskCompleted;
  readonly id: string;
  readonly task: InFlightTask;
  readonly entry: JournalEntry;
}

/**
 * What is wrong about the events of an order: it takes only what was sent for it, each once; the first that came decides; and none that a
 * sender was told of gets lost while the order waits.
 */
export function wrongEvents(
  journal: readonly JournalEntry[],
  { scenario, events, ledger }: Aftermath,
): readonly string[] {
  const orderId = journal[0]?.orderId ?? '';
  const taken = takenIn(journal);
  const isTakenBy = (id: string, number: number) =>
    taken.some((one) => one.id === id && one.entry.number <= number);
  const wrong = taken.flatMap(({ event, id, task, entry }) => {
    const sent = scenario.events.find(({ eventId }) => eventId === id);
    if (sent === undefined) return [`${id}, which nobody sent, completed ${task.job}`];
    if (!isFor(sent, task, orderId))
      return [`${id} completed ${task.job}, which waits for another`];
    if (!isDeepStrictEqual(sent.data, event.result)) return [`${id} has brought other data`];
    if (taken.filter((one) => one.id === id).length > 1) return [`${id} was taken twice`];
    const receivedAt = event.event?.receivedAt ?? 0;
    const heldUpMs = ledger.heldUpMs(orderId, task.dispatchedAt, entry.at);
    if (receivedAt + EVENTS_KEPT_MS + ORDINARY_MS + heldUpMs < task.dispatchedAt) {
      return [`${id} was too old for ${task.job}`];
    }
    const before = events.find(
      (one) =>
        isFor(one, task, orderId) &&
        one.receivedAt < receivedAt &&
        one.answeredAt <= task.dispatchedAt - ORDINARY_MS &&
        isKeptUntil(one, entry.at) &&
        !isTakenBy(one.eventId, entry.number),
    );
    return before === undefined ? [] : [`${id} completed ${task.job} before ${before.eventId}`];
  });
  return [...wrong, ...lostIn(journal, taken)];

  /** Events that were there while a task waited for them in vain. */
  function lostIn(journal: readonly JournalEntry[], taken: readonly Taken[]): readonly string[] {
    return failedAttempts(journal).flatMap(({ error, taskId, attempt, job, failedAt, entry }) => {
      if (error?.code !== 'EVENT_TIMEOUT') return [];
      const task = waitIn(journal, taskId, attempt);
      if (task === undefined) return [];
      const lost = events.find((one) => {
        const from = Math.max(one.answeredAt, task.dispatchedAt);
        const heldUpMs = ledger.heldUpMs(orderId, from - 1000, failedAt);
        return (
          isFor(one, task, orderId) &&
          from + TAKEN_WITHIN_MS + heldUpMs < failedAt &&
          isKeptUntil(one, from + TAKEN_WITHIN_MS + heldUpMs) &&
          !taken.some(({ id }) => id === one.eventId)
        );
      });
      if (lost === undefined) return [];
      const seconds = Math.round((failedAt - lost.answeredAt) / 1000);
      return [
        `entry ${entry.number}: ${job} ran out of time ${seconds} s after ${lost.eventId} came`,
      ];
    });
  }
}

/** The data that completed each job. */
export function dataOf(journal: readonly JournalEntry[]): ReadonlyMap<string, Json> {
  const jobs = new Map(tasksOf(journal).map(({ taskId, job }) => [taskId, job]));
  return new Map(
    journal.flatMap(({ events }) =>
      events.flatMap((event) =>
        event.type === 'TaskCompleted' && event.event !== undefined
          ? [[jobs.get(event.taskId) ?? '', event.result] as const]
          : [],
      ),
    ),
  );
}

function takenIn(journal: readonly JournalEntry[]): readonly Taken[] {
  return journal.flatMap((entry) =>
    entry.events.flatMap((event): Taken[] => {
      if (event.type !== 'TaskCompleted' || event.event === undefined) return [];
      const task = waitIn(journal.slice(0, entry.number), event.taskId, event.attempt);
      return task === undefined ? [] : [{ event, id: event.event.id, task, entry }];
    }),
  );
}

/** The task as it waited last in that attempt. */
function waitIn(
  journal: readonly JournalEntry[],
  taskId: string,
  attempt: number,
): InFlightTask | undefined {
  return journal
    .flatMap(({ state }) => ('stage' in state ? (state.stage?.tasks ?? []) : []))
    .findLast(
      (task): task is InFlightTask =>
        task.status === 'inFlight' && task.taskId === taskId && task.attempt === attempt,
    );
}

function isFor(event: ScenarioEvent, { plugin, input }: InFlightTask, orderId: string): boolean {
  if (event.eventType !== plugin) return false;
  const key = input === undefined ? undefined : String(input);
  if (event.orderId === undefined) return key !== undefined && event.key === key;
  return event.orderId === orderId && (event.key === undefined || event.key === key);
}

function isKeptUntil({ receivedAt }: SentEvent, at: Instant): boolean {
  return receivedAt + EVENTS_KEPT_MS - ORDINARY_MS > at;
}
