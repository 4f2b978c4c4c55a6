import type { OrderEvent, TaskFailed } from '../core/event.ts';
import { isAct } from '../core/event.ts';
import type { Instant, Json } from '../core/json.ts';
import type { OrderState } from '../core/order.ts';
import { RESULT_TOO_LARGE } from '../core/taken-back.ts';
import type { InFlightTask, StageTask } from '../core/task.ts';
import type { History } from '../core/task-records.ts';
import type { TooLargeError } from '../ports/too-large.ts';

/**
 * The events of an entry that does not fit, in the order in which each is to get an entry of its own: what may not be lost comes
 * first, so that an optional result is the one that finds no room.
 */
export function inOrderOfNeed(
  events: readonly OrderEvent[],
  state: OrderState,
): readonly OrderEvent[] {
  const optional = new Set(
    'stage' in state
      ? (state.stage?.tasks ?? []).flatMap((task) =>
          'taskId' in task && !task.mandatory ? [task.taskId] : [],
        )
      : [],
  );
  const weight = (event: OrderEvent) => {
    if (isAct(event)) return 3;
    if (event.type !== 'TaskCompleted') return 0;
    return optional.has(event.taskId) ? 2 : 1;
  };
  return events.toSorted((a, b) => weight(a) - weight(b));
}

type Attempted = Pick<InFlightTask, 'taskId' | 'attempt'>;

/** A task with a result that an order may have no room for. */
interface Bringer extends Attempted {
  readonly mandatory: boolean;
  /** The journal entry that holds the result; `Infinity` for the one that is about to. */
  readonly entry: number;
  readonly bytes: number;
}

/**
 * The task whose result has to go, so that the entry of the event may fit. Of optional ones it is the one with the largest result: no
 * order fails because of them. Where all are mandatory the order fails anyway, by the one that came last.
 * @param gathered the results of completed tasks that the entry hands on, by job
 * @param takenBack those that are gone already
 */
export function bringerOfTooMuch(
  event: OrderEvent,
  before: OrderState,
  gathered: History['jobs'],
  takenBack: readonly TaskFailed[],
): Attempted | undefined {
  const tasks = 'stage' in before ? (before.stage?.tasks ?? []) : [];
  const late = lateBringer(event, tasks);
  if (late !== undefined) return late;
  const bringers = tasks.flatMap((task): Bringer[] => {
    if (!('taskId' in task)) return [];
    const { taskId, mandatory, job } = task;
    if (takenBack.some((one) => one.taskId === taskId)) return [];
    if (task.status === 'completed') {
      const result = gathered[job]?.result;
      return result === undefined ? [] : [{ ...task, bytes: bytesOf(result) }];
    }
    if (event.type !== 'TaskCompleted' || event.taskId !== taskId) return [];
    const { attempt, result } = event;
    return [{ taskId, attempt, mandatory, entry: Infinity, bytes: bytesOf(result) }];
  });
  const [largest] = bringers
    .filter(({ mandatory }) => !mandatory)
    .toSorted((a, b) => b.bytes - a.bytes);
  const [last] = bringers.toSorted((a, b) => b.entry - a.entry);
  return largest ?? last;
}

/** What comes when nobody waits for it any more finds room last. */
function lateBringer(event: OrderEvent, tasks: readonly StageTask[]): Attempted | undefined {
  if (event.type !== 'TaskCompleted') return undefined;
  return tasks.some((task) => 'taskId' in task && task.taskId === event.taskId) ? undefined : event;
}

/** Takes back the result of a task that has completed. */
export function takingBack(
  { taskId, attempt }: Attempted,
  at: Instant,
  error: TooLargeError,
): TaskFailed {
  const message = `the results of its stage do not fit: ${error.message}`;
  const failure = { code: RESULT_TOO_LARGE, message };
  return { type: 'TaskFailed', at, taskId, attempt, error: failure, retry: 'never' };
}

/**
 * The failure of a task whose own result does not fit, in the place of the event that brings it; `undefined` if the event does not. The
 * result is no better the next time.
 */
export function withoutResult(
  event: OrderEvent,
  { taskId }: Attempted,
  error: TooLargeError,
): TaskFailed | undefined {
  if (event.type !== 'TaskCompleted' || event.taskId !== taskId) return undefined;
  const { result: _, ...answered } = event;
  const message = `the result does not fit: ${error.message}`;
  const failure = { code: RESULT_TOO_LARGE, message };
  return { ...answered, type: 'TaskFailed', error: failure, retry: 'never' };
}

function bytesOf(result: Json): number {
  return Buffer.byteLength(JSON.stringify(result));
}
