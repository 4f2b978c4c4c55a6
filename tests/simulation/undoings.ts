import { CHILD_NOT_UNDONE } from '../../src/core/child-orders.ts';
import type { JournalEntry } from '../../src/core/journal-entry.ts';
import type { EndedOrder } from '../../src/core/order.ts';
import { wouldTakeIfRetried } from '../../src/core/retrying.ts';
import { takesBack } from '../../src/core/taken-back.ts';
import type { TaskRecord } from '../../src/core/task-records.ts';
import { tasksOf } from '../../src/core/task-records.ts';
import { isUndoneInPart } from '../../src/core/undo-plan.ts';
import type { Aftermath } from './world.ts';

/**
 * What is wrong about the undoing of an order: each task that completed and can be undone is undone once, in reverse order, when the order
 * has failed or was cancelled; no other task is, and none where the order completed or was past its pivot.
 */
export function wrongUndoings(
  journal: readonly JournalEntry[],
  { scenario, ledger, journals }: Aftermath,
): readonly string[] {
  const wrong: string[] = [];
  const last = journal.at(-1)?.state;
  if (last === undefined || !('endedAt' in last)) return [];
  const tasks = tasksOf(journal);
  const undone = tasks.filter(({ undoes }) => undoes !== undefined);
  const hasCompleted = new Set(
    journal.flatMap(({ events }) =>
      events.flatMap((event) => (event.type === 'TaskCompleted' ? [event.taskId] : [])),
    ),
  );
  const takenBack = new Set(
    journal.flatMap(({ events }) =>
      events.flatMap((event) =>
        event.type === 'TaskFailed' && takesBack(event) ? [event.taskId] : [],
      ),
    ),
  );
  const canBeUndone = (task: TaskRecord) => {
    const { taskId, plugin, child, awaited, undoes, partly, elements, error } = task;
    // Of a slice that has failed some elements are done, and something of a child order that could not be undone.
    const isInPart = partly || error?.code === CHILD_NOT_UNDONE;
    if (undoes !== undefined || awaited !== undefined) return false;
    // A person has retried its order: whoever retries this one has that result taken.
    if (last.status === 'failed' && wouldTakeIfRetried(last, taskId)) return false;
    return (
      (hasCompleted.has(taskId) || isInPart) &&
      !takenBack.has(taskId) &&
      ((child !== undefined && elements === undefined) ||
        scenario.behaviours[plugin]?.undoing !== undefined)
    );
  };
  const done = tasks.filter(canBeUndone);
  for (const { orderId } of journal.slice(0, 1)) {
    for (const { undoes = '', child, status, attempts } of undone) {
      if (child !== undefined) {
        const state = journals.get(child)?.at(-1)?.state;
        const { pivot } = scenario.children.find(({ name }) => name === state?.workflow.name) ?? {};
        const isLeftAsItIs = state?.status === 'completed' && pivot !== undefined;
        const isUndone =
          state?.status === 'cancelled' || (state?.status === 'failed' && !isUndoneInPart(state));
        if (status === 'completed' && !isUndone && !isLeftAsItIs)
          wrong.push(`${undoes} counts as undone, and its order is ${state?.status}`);
        continue;
      }
      const begun = attempts
        .map(({ attempt }) => ledger.knows(orderId, `undo ${undoes}`, attempt))
        .some((record) => (record?.begunAt.length ?? 0) > 0);
      const isDone = undone.find((one) => one.undoes === undoes)?.status === 'completed';
      if (isDone && !begun) wrong.push(`${undoes} counts as undone, and its plugin did nothing`);
    }
  }
  for (const { undoes } of undone) {
    if (undone.filter((one) => one.undoes === undoes).length > 1)
      wrong.push(`${undoes} is undone twice`);
    if (!done.some(({ job }) => job === undoes))
      wrong.push(`${undoes} is undone, and was not done`);
  }
  const isComplete = undone.every(({ status }) => status === 'completed');
  const isLeft = journal.some(({ events }) =>
    events.some((event) => event.type === 'CancelRequested' && event.undo === false),
  );
  const isLeftToParent =
    last.slice !== undefined && last.status === 'failed' && last.undoing === undefined;
  const mayBeUndone =
    !isLeftToParent &&
    last.status !== 'completed' &&
    !isLeft &&
    !isPastPivot(journal, scenario.workflow);
  if (!mayBeUndone && undone.length > 0) wrong.push(`it is ${last.status}, and was undone`);
  if (mayBeUndone && isComplete) {
    for (const { job } of done) {
      if (!undone.some(({ undoes }) => undoes === job)) wrong.push(`${job} is not undone`);
    }
  }
  if (mayBeUndone && isComplete) wrong.push(...forgotten(tasks, last, { scenario, ledger }));
  return [...wrong, ...outOfOrder(done, undone, journal)];
}

/** What plugins have done, and nobody has undone or named, though their orders were undone. */
function forgotten(
  tasks: readonly TaskRecord[],
  last: EndedOrder,
  { scenario, ledger }: Pick<Aftermath, 'scenario' | 'ledger'>,
): readonly string[] {
  const undoing = 'undoing' in last ? last.undoing : undefined;
  const unknown = new Set(undoing?.unknown.map(({ job }) => job));
  const undone = new Set(tasks.map(({ undoes }) => undoes));
  return tasks.flatMap(({ job, plugin, status, attempts, undoes, child, awaited }) => {
    const isPlugins = child === undefined && awaited === undefined && undoes === undefined;
    if (!isPlugins || scenario.behaviours[plugin]?.undoing === undefined) return [];
    const isDone = attempts.some(
      ({ attempt }) => (ledger.knows(last.orderId, job, attempt)?.done ?? 0) > 0,
    );
    if (!isDone || unknown.has(job) || undone.has(job)) return [];
    return [`${job} was ${status}, had been done, and is neither undone nor unknown`];
  });
}

/** Whatever began later is undone before, unless it completed when the undoing had begun, or ran in parallel. */
function outOfOrder(
  done: readonly TaskRecord[],
  undone: readonly TaskRecord[],
  journal: readonly JournalEntry[],
): readonly string[] {
  // Instants are of clocks that differ: the journal's own order counts.
  const completedIn = ({ taskId }: TaskRecord) =>
    journal.findIndex(({ events }) =>
      events.some((event) => event.type === 'TaskCompleted' && event.taskId === taskId),
    );
  const begunIn = ({ taskId }: TaskRecord) =>
    journal.findIndex(
      ({ state }) =>
        'stage' in state &&
        state.stage?.tasks.some((one) => 'taskId' in one && one.taskId === taskId),
    );
  const number = ({ taskId }: TaskRecord) => Number(taskId.slice(1));
  const firstBegunIn = Math.min(...undone.map(begunIn));
  const pairs = done.flatMap((task) => {
    const undoing = undone.find(({ undoes }) => undoes === task.job);
    const isLate = completedIn(task) > firstBegunIn;
    return undoing === undefined || isLate ? [] : [{ task, undoing }];
  });
  const ranTogether = (one: TaskRecord, other: TaskRecord) =>
    one.stage === 'parallel' &&
    one.stage === other.stage &&
    one.activity === other.activity &&
    one.round === other.round;
  return pairs.flatMap(({ task, undoing }) =>
    pairs
      .filter((later) => number(later.task) > number(task) && !ranTogether(later.task, task))
      .filter(({ undoing: other }) => {
        const endedIn = completedIn(other);
        return endedIn < 0 || endedIn > begunIn(undoing);
      })
      .map((later) => `${task.job} is undone before ${later.task.job} has been`),
  );
}

/** Whether the pivot had ended when the order was first undone, or else at its end. */
function isPastPivot(
  journal: readonly JournalEntry[],
  { pivot, activities }: Aftermath['scenario']['workflow'],
): boolean {
  if (pivot === undefined) return false;
  const stages = journal.flatMap(({ state }) =>
    'stage' in state && state.stage !== undefined && state.stage.stage !== 'undo'
      ? [state.stage.activity]
      : [],
  );
  return Math.max(...stages) > activities.findIndex(({ name }) => name === pivot);
}
