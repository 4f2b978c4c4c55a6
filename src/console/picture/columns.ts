import type { Order, Task, Workflow } from '../messages.ts';
import { hasEnded } from '../words/status-words.ts';
import { type Activity, activitiesIn } from '../workflows/activities.ts';
import { elementsText, isElement, isLong, listOf } from './lists.ts';
import type { Column, Node } from './node.ts';
import {
  enoughNode,
  type PlacedStep,
  performerOf,
  placed,
  plannedNode,
  repeatNode,
  type Step,
} from './planned-node.ts';

const STAGES = ['pre', 'parallel', 'post'] as const;
const RUN_STAGES = ['choose', ...STAGES, 'onFailure'] as const;

/**
 * An order as columns from left to right: what it has done, what it does, and, where the workflow is known, what is still to come.
 * The plugins of a parallel stage share a column; those of other stages have one each.
 */
export function columnsOfOrder(order: Order, workflow: Workflow | undefined): readonly Column[] {
  const tasks = order.tasks;
  const known = activitiesIn(workflow?.activities ?? []);
  const names = known.map(({ activity }) => activity.name);
  const others = [...new Set(tasks.map(({ activity }) => activity))].filter(
    (name) => !names.includes(name),
  );
  const lastBegun = lastPlace(
    tasks.filter((task) => 'taskId' in task || !inBranch(task)),
    names,
  );
  const drawn = [...names, ...others].flatMap((activity, index) => {
    const { activity: steps, taken } = known[index] ?? {};
    const own = tasks.filter((task) => task.activity === activity);
    // Who stands in a branch that was not taken is left out when the choice is made.
    const isOut = own.length > 0 && own.every((task) => !('taskId' in task) && inBranch(task));
    const rounds = Math.max(1, ...own.map(roundOf));
    return Array.from({ length: rounds }, (_, before) => before + 1).flatMap((round) =>
      RUN_STAGES.flatMap((stage) => {
        const begun = own.filter((task) => task.stage === stage && roundOf(task) === round);
        const planned = stepsOf(steps, stage).flatMap((step) => placed(step, taken));
        const isPast = isOut || isBefore([index, round, RUN_STAGES.indexOf(stage)], lastBegun);
        const id = `${activity}${round === 1 ? '' : `#${round}`}`;
        const nodes = nodesOf(begun, planned, { isPast, order }, id + stage);
        const more = [
          ...(stage === 'parallel' ? enoughOf(steps, id) : []),
          ...(stage === 'post' && round === rounds ? repeatOf(steps, begun) : []),
        ];
        return columns(activity, stage, [...nodes, ...more], id);
      }),
    );
  });
  return withWaits(drawn, order);

  function inBranch({ activity }: Task): boolean {
    return known.some((one) => one.activity.name === activity && one.taken.length > 0);
  }
}

function stepsOf(activity: Activity | undefined, stage: (typeof RUN_STAGES)[number]) {
  return stage === 'choose' || stage === 'onFailure' ? [] : (activity?.[stage] ?? []);
}

/** An order that does a slice of a list, as the one step that it does. */
export function columnsOfSlice(order: Order): readonly Column[] {
  const [first] = order.tasks;
  if (first === undefined) return [];
  const { activity: name, plugin } = first;
  const step = { plugin, forEach: 'payload' };
  const activity = { name, pre: [], parallel: [step], post: [] };
  const { workflow } = order;
  return columnsOfOrder(order, { ...workflow, on: [], activities: [activity] });
}

/** Marks the waits that lie behind what has begun, and, where the order is in one, the first of the others. */
function withWaits(drawn: readonly Column[], { status, tasks }: Order): readonly Column[] {
  const begun = drawn.findLastIndex(({ nodes }) => nodes.some(({ job }) => job !== undefined));
  const ahead = drawn.slice(Math.max(0, begun)).flatMap(({ nodes }) => nodes);
  // In a stage that runs one after another, it waits for the event and for nothing else.
  const awaitsEvent = tasks.some((task) => task.status === 'awaiting' && task.stage !== 'parallel');
  const isInWait = status === 'waiting' && !awaitsEvent;
  const current = isInWait ? ahead.find(({ isWait }) => isWait) : undefined;
  const marked = (node: Node, place: number): Node => {
    if (node === current) return { ...node, status: 'waiting' };
    return node.isWait && place < begun ? { ...node, status: 'waited' } : node;
  };
  return drawn.map(({ nodes, ...column }, place) => ({
    ...column,
    nodes: nodes.map((node) => marked(node, place)),
  }));
}

/** A workflow as columns: everything is to come. */
export function columnsOfWorkflow(workflow: Pick<Workflow, 'activities'>): readonly Column[] {
  return activitiesIn(workflow.activities).flatMap(({ activity, taken }) =>
    STAGES.flatMap((stage) => {
      const { name } = activity;
      const steps = activity[stage].flatMap((step) => placed(step, taken));
      const nodes = steps.map((step, index) =>
        withoutStatus(plannedNode(step, 'planned', `${name}${stage}${index}`)),
      );
      const more = { pre: [], parallel: enoughOf(activity, name), post: repeatOf(activity, []) };
      return columns(name, stage, [...nodes, ...more[stage]]);
    }),
  );
}

/** How many of the stage's tasks are enough. */
function enoughOf(activity: Activity | undefined, id: string): readonly Node[] {
  const { enough } = activity ?? {};
  return enough === undefined ? [] : [enoughNode(enough, `${id}/enough`)];
}

/** How long the activity is repeated, unless that has failed and stands there by itself. */
function repeatOf(activity: Activity | undefined, begun: readonly Task[]): readonly Node[] {
  const { name, repeat } = activity ?? {};
  if (repeat === undefined || begun.some(({ plugin }) => plugin === 'repeat')) return [];
  return [repeatNode(repeat, `${name}/repeat`)];
}

function withoutStatus({ status: _, ...node }: Node): Node {
  return node;
}

function columns(
  activity: string,
  stage: string,
  nodes: readonly Node[],
  id = activity,
): readonly Column[] {
  if (nodes.length === 0) return [];
  const groups = stage === 'parallel' ? [nodes] : nodes.map((node) => [node]);
  return groups.map((group, index) => ({
    id: `${id}/${stage}/${index}`,
    activity,
    stage,
    nodes: group,
  }));
}

/** The first round says nothing of it. */
function roundOf({ round = 1 }: Task): number {
  return round;
}

/** Activity, round and stage, as numbers. */
type Place = readonly [number, number, number];

/** The stage that the order reached last. */
function lastPlace(tasks: readonly Task[], names: readonly string[]): Place {
  const stages: readonly string[] = RUN_STAGES;
  return tasks
    .map((task): Place => [names.indexOf(task.activity), roundOf(task), stages.indexOf(task.stage)])
    .reduce((last, one) => (isBefore(last, one) ? one : last), [-1, 1, 0]);
}

function isBefore(one: Place, other: Place): boolean {
  const differs = one.findIndex((value, index) => value !== other[index]);
  return differs >= 0 && (one[differs] ?? 0) < (other[differs] ?? 0);
}

/** Each planned step takes the task that came of it; `*` takes those that no step names. */
function nodesOf(
  begun: readonly Task[],
  planned: readonly PlacedStep[],
  { isPast, order }: { readonly isPast: boolean; readonly order: Order },
  id: string,
): readonly Node[] {
  const left = [...begun];
  const named = new Set(planned.flatMap(({ step }) => performerOf(step) ?? []));
  const toCome = hasEnded(order) ? 'notReached' : 'planned';
  const nodes = planned.flatMap((one, index): readonly Node[] => {
    const { step } = one;
    const plugin = performerOf(step);
    if (step === '*') {
      const everyone = left.filter((task) => !named.has(task.plugin));
      for (const task of everyone) left.splice(left.indexOf(task), 1);
      if (everyone.length > 0) return everyone.map(taskNode);
    } else if (plugin !== undefined) {
      const own = left.filter((task) => task.plugin === plugin);
      const ofList = own.filter(isElement);
      const taken = isForEach(step) && ofList.length > 0 ? ofList : own.slice(0, 1);
      for (const task of taken) left.splice(left.indexOf(task), 1);
      if (isLong(taken)) return [listNode(taken, order)];
      if (taken.length > 0) return taken.map(taskNode);
    } else if (isPast) {
      return [withoutStatus(plannedNode(one, toCome, `${id}${index}`))];
    }
    return isPast ? [] : [plannedNode(one, toCome, `${id}${index}`)];
  });
  return [...nodes, ...left.map(taskNode)];
}

function isForEach(step: Step): boolean {
  return typeof step === 'object' && 'forEach' in step;
}

function taskNode(task: Task): Node {
  if (!('taskId' in task)) {
    const { plugin, status, reason } = task;
    return { id: `${task.activity}${task.stage}${plugin}`, label: plugin, status, note: reason };
  }
  const { taskId, job, status, attempts, elements } = task;
  const note = task.reason ?? (elements && elementsText(task));
  return { id: taskId, label: job, status, job, attempts: attempts.length, ...(note && { note }) };
}

function listNode(tasks: Parameters<typeof listOf>[0], { error }: Order): Node {
  const list = listOf(tasks);
  const { plugin, total, told } = list;
  // Failures that the list tolerates do not fail it.
  const hasFailed = tasks.some(({ job }) => job === error?.task);
  const status = hasFailed ? 'failed' : list.status;
  return { id: list.id, label: `${plugin} × ${total}`, status, job: told.job, list };
}
