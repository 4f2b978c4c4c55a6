import { isDeepStrictEqual } from 'node:util';
import type { TaskCompleted, TaskFailed } from '../../src/core/event.ts';
import type { JournalEntry } from '../../src/core/journal-entry.ts';
import { placedEvent } from '../../src/core/journal-entry.ts';
import type { Json } from '../../src/core/json.ts';
import { tasksOf } from '../../src/core/task-records.ts';
import { isUndoneInPart } from '../../src/core/undo-plan.ts';
import type { Scenario } from './scenario.ts';

/** What is wrong about an order as the child of another, both of which are over. */
export function wrongAsChild(
  journal: readonly JournalEntry[],
  parents: readonly JournalEntry[],
): readonly string[] {
  const { parent, input } = placedEvent(journal);
  const task = tasksOf(parents).find(({ taskId }) => taskId === parent?.taskId);
  const last = journal.at(-1)?.state;
  const above = parents.at(-1)?.state;
  if (parent === undefined || task === undefined || last === undefined || above === undefined) {
    return ['its parent knows nothing of it'];
  }
  const wrong: string[] = [];
  if (task.attempts.length === 1 && JSON.stringify(task.input) !== JSON.stringify(input)) {
    wrong.push('it got another input than its task');
  }
  const isItsOwn = task.child === journal[0]?.orderId;
  if (isItsOwn && task.status === 'completed' && !task.bySkip && above.status === 'completed') {
    const given = last.status === 'completed' ? last.result : undefined;
    // A slice gives the list of its results alone.
    const own = task.elements === undefined ? given : Object.values(given ?? {})[0];
    const isSame = JSON.stringify(own) === JSON.stringify(task.result);
    if (!isSame) wrong.push(`it is ${last.status}, and its parent has completed with its result`);
  }
  const wasUndone = journal.some(({ events }) =>
    events.some(({ type }) => type === 'UndoRequested'),
  );
  if (wasUndone && isItsOwn && above.status === 'completed')
    wrong.push('it was undone, and its parent was not');
  return wrong;
}

/** What child orders have done, and nobody has undone, though their parents were undone, or have the result of another. */
export function leftDone(
  journals: ReadonlyMap<string, readonly JournalEntry[]>,
  { workflow, children }: Pick<Scenario, 'workflow' | 'children'>,
): readonly { readonly orderId: string; readonly text: string }[] {
  const staying = [workflow, ...children].filter(({ pivot }) => pivot !== undefined);
  const done = [...journals].flatMap(([orderId, journal]) => {
    const state = journal.at(-1)?.state;
    const isLeftAsItIs = staying.some(({ name }) => name === state?.workflow.name);
    if (state?.status !== 'completed' || !state.parent) return [];
    const { parent } = state;
    const tasks = tasksOf(journals.get(parent.orderId) ?? []);
    // Of a slice whose plugin does not compensate, nothing is undone.
    const isUndoable = tasks.find(({ taskId }) => taskId === parent.taskId)?.compensates === true;
    return isUndoable && (!isLeftAsItIs || state.slice) ? [{ orderId, parent }] : [];
  });
  const forNobody = done.filter(({ parent }) => isUndone(journals.get(parent.orderId)));
  const beside = done.filter(({ orderId, parent }) =>
    done.some(
      (other) =>
        other.orderId < orderId &&
        other.parent.orderId === parent.orderId &&
        other.parent.taskId === parent.taskId,
    ),
  );
  return [
    ...forNobody.map(({ orderId }) => ({ orderId, text: 'it is done, and its parent is undone' })),
    ...beside.map(({ orderId }) => ({ orderId, text: 'it is done beside another of its task' })),
  ];
}

function isUndone(journal: readonly JournalEntry[] = []): boolean {
  const last = journal.at(-1)?.state;
  const isLeft = journal.some(({ events }) =>
    events.some((event) => event.type === 'CancelRequested' && event.undo === false),
  );
  if (last?.status === 'cancelled') return !isLeft;
  return last?.status === 'failed' && last.stage.stage === 'undo' && !isUndoneInPart(last);
}

/** Whether the order has ever ended so. */
export function hasEndedSo(
  journal: readonly JournalEntry[] | undefined,
  status: 'failed' | 'cancelled',
): boolean {
  return journal?.some(({ state }) => state.status === status) ?? false;
}

/** The journal of a slice up to the failure that its parent has taken: somebody may have retried it by itself after that. */
export function asTaken(
  child: readonly JournalEntry[],
  parents: readonly JournalEntry[],
): readonly JournalEntry[] {
  const { parent } = placedEvent(child);
  const taken = parents
    .flatMap(({ events }) => events)
    .findLast((event) => isAnswer(event) && event.taskId === parent?.taskId);
  if (taken?.type !== 'TaskFailed' || taken.ofSlice === undefined) return child;
  const { results } = taken.ofSlice;
  const end = child.findLastIndex(
    ({ state }, index) =>
      state.status === 'failed' &&
      isDeepStrictEqual(resultsIn(child.slice(0, index + 1), results.length), results),
  );
  // What has been undone gives nothing.
  return end < 0 ? child : child.slice(0, end + 1);
}

function isAnswer(event: JournalEntry['events'][number]): event is TaskCompleted | TaskFailed {
  return event.type === 'TaskCompleted' || event.type === 'TaskFailed';
}

function resultsIn(slice: readonly JournalEntry[], length: number): readonly Json[] {
  const given = new Map(tasksOf(slice).map(({ element, result }) => [element, result]));
  return Array.from({ length }, (_, element) => given.get(element) ?? null);
}
