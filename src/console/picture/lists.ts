import type { Order, SentTask, Task } from '../messages.ts';
import { type TaskStatus, taskStatusWords } from '../words/status-words.ts';

/** So many tasks of a list are drawn one by one; more of them share a place, which leads to each. */
export const FEW = 8;

/** An order that does a slice of its parent's list, and nothing else of its workflow. */
export function isSlice({ parent }: Order): boolean {
  return parent?.from !== undefined;
}

/** The tasks of one step with `forEach`, those that have begun: one for each element, or for each slice of a long list. */
export interface List {
  readonly id: string;
  readonly plugin: string;
  readonly total: number;
  /** By which each of them is chosen. */
  readonly jobs: ReadonlySet<string>;
  /** How they stand together: what is open counts before what is over. */
  readonly status: TaskStatus;
  /** How many stand how; those that want attention first. */
  readonly counts: readonly (readonly [TaskStatus, number])[];
  /** The one that a person would ask for first: one that failed, else one that is open. */
  readonly told: SentTask;
}

/** The statuses of tasks, those that want attention first. */
const BY_WEIGHT: readonly TaskStatus[] = [
  ...(['failed', 'backingOff', 'parked', 'deferred', 'awaiting', 'inFlight'] as const),
  ...(['abandoned', 'calledOff', 'skipped', 'completed'] as const),
];

const OPEN: ReadonlySet<TaskStatus> = new Set([
  ...(['backingOff', 'parked', 'deferred', 'awaiting', 'inFlight'] as const),
]);

export function isElement(task: Task): task is SentTask {
  return 'taskId' in task && placeInList(task) !== undefined;
}

/** Where its element, or the first one of its slice, stands in the list. */
export function placeInList({ element, elements }: SentTask): number | undefined {
  return element ?? elements?.from;
}

/** `element 3`, `elements 50 to 99`. */
export function elementsText({ element, elements }: SentTask): string {
  if (elements === undefined) return `element ${element}`;
  return `elements ${elements.from} to ${elements.from + elements.count - 1}`;
}

/** The key of the list that a task is of; undefined for one that is of none. */
export function listIdOf(task: Task): string | undefined {
  return isElement(task) ? `${task.activity}/${task.stage}/${task.plugin}` : undefined;
}

/** The list that a task is an element of, in its order. */
export function elementsLike(task: Task, tasks: readonly Task[]): readonly SentTask[] {
  const id = listIdOf(task);
  if (id === undefined) return [];
  const elements = tasks.filter((one) => listIdOf(one) === id).filter(isElement);
  return elements.toSorted((a, b) => (placeInList(a) ?? 0) - (placeInList(b) ?? 0));
}

export function isLong(tasks: readonly Task[]): tasks is readonly [SentTask, ...SentTask[]] {
  return tasks.length > FEW && tasks.every(isElement);
}

export function listOf(tasks: readonly [SentTask, ...SentTask[]]): List {
  const byWeight = tasks.toSorted((a, b) => weightOf(a) - weightOf(b));
  const [told = tasks[0]] = byWeight;
  const open = byWeight.find(({ status }) => OPEN.has(status));
  const last = byWeight.at(-1) ?? told;
  const counts = Map.groupBy(byWeight, ({ status }) => status);
  return {
    ...{ id: listIdOf(told) ?? told.taskId, plugin: told.plugin, total: tasks.length, told },
    jobs: new Set(tasks.map(({ job }) => job)),
    status: (open ?? last).status,
    counts: [...counts].map(([status, { length }]) => [status, length]),
  };
}

const weightOf = ({ status }: SentTask) => BY_WEIGHT.indexOf(status);

/** `2 failed, 48 completed`. */
export function countsText({ counts }: Pick<List, 'counts'>): string {
  return counts.map(([status, count]) => `${count} ${taskStatusWords(status).word}`).join(', ');
}
