/**
 * The way of an order through its workflow: from stage to stage, from activity to activity; where a choice stands before an activity, to
 * the choice first, and from there into the branch that was taken, or past all of them.
 */
import { defined } from './defined.ts';
import type { RunPosition, StagePosition } from './stage.ts';
import { activityAt } from './stage.ts';
import type { StageTask } from './task.ts';
import type { ActivityChoice, Workflow } from './workflow.ts';

/** Where an order stands, or would. The tasks of a choice that is made say which branch was taken. */
interface Stop extends RunPosition {
  readonly choice?: number;
  readonly tasks?: readonly StageTask[];
}

const NEXT_STAGE = { pre: 'parallel', parallel: 'post' } as const;

/**
 * The stage after this one, which may be empty; the first one after `undefined`; `undefined` after the last. An activity that failed and
 * was caught is over. Whether one begins another round is not known here. A choice that is not made leads past its branches.
 */
export function stageAfter(workflow: Workflow, stop: Stop | undefined): StagePosition | undefined {
  if (stop === undefined) return stageAt(workflow, 0);
  const { activity, stage, round } = stop;
  switch (stage) {
    case 'pre':
    case 'parallel':
      return { activity, stage: NEXT_STAGE[stage], ...defined({ round }) };
    case 'post':
    case 'onFailure':
    case 'undo':
      return stageAt(workflow, behind(workflow, activity));
    case 'choose':
      return stageAfterChoice(workflow, stop);
  }
}

function stageAfterChoice(
  workflow: Workflow,
  { choice: number = 0, tasks = [] }: Stop,
): StagePosition | undefined {
  const choice = choicesIn(workflow)[number] as ActivityChoice;
  const made = tasks.find((task) => task.status === 'chosen');
  const taken = made?.branch === undefined ? undefined : rangesOf(choice)[made.branch];
  if (taken !== undefined) return stageAt(workflow, taken.first, number + 1);
  return stageAt(workflow, behind(workflow, endOf(choice) - 1));
}

/** The choice that stands before the activity of this index, if one does, of those from this number on; or the activity's first stage. */
function stageAt(workflow: Workflow, activity: number, firstChoice = 0): StagePosition | undefined {
  const choice = choicesIn(workflow).findIndex(
    ({ before }, number) => number >= firstChoice && before === activity,
  );
  if (choice >= 0) return { activity, stage: 'choose', choice };
  return activity < workflow.activities.length ? { activity, stage: 'pre' } : undefined;
}

/** The index at which an order goes on once this activity is over: at the end of a branch, behind the other branches of its choice. */
function behind(workflow: Workflow, activity: number): number {
  // A choice within a branch comes after the one that it is in. No branch is empty: one that ends here holds the activity.
  return choicesIn(workflow).reduceRight((next, choice) => {
    const isEnd = rangesOf(choice).some(({ end }) => end === next);
    return isEnd ? endOf(choice) : next;
  }, activity + 1);
}

/** The indices of a branch's activities: the first of them, and the one after the last. */
export interface BranchRange {
  readonly first: number;
  readonly end: number;
}

/** Where the activities of each branch stand. */
export function rangesOf({ before, choose }: ActivityChoice): readonly BranchRange[] {
  let first = before;
  return choose.map(({ activities }) => {
    const range = { first, end: first + activities };
    first = range.end;
    return range;
  });
}

function endOf({ before, choose }: ActivityChoice): number {
  return choose.reduce((end, { activities }) => end + activities, before);
}

function choicesIn({ choices = [] }: Workflow): readonly ActivityChoice[] {
  return choices;
}

/** The choice of another version that stands where this one does; `undefined` if none does. */
export function choiceIn(
  { from, to }: { readonly from: Workflow; readonly to: Workflow },
  choice: number,
): number | undefined {
  const name = nameBehind(choicesIn(from)[choice] as ActivityChoice, from);
  const within = choicesIn(from).filter((one, at) => at < choice && nameBehind(one, from) === name);
  const there = choicesIn(to).flatMap((one, at) => (nameBehind(one, to) === name ? [at] : []));
  return there[within.length];
}

/** The name of the activity before which the choice stands. */
function nameBehind({ before }: ActivityChoice, workflow: Workflow): string {
  return activityAt(workflow, before).name;
}
