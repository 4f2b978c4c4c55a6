/**
 * A choice takes the first of its branches whose `when` is true. It is made when its turn comes, once, and recorded in its stage. Of a
 * choice among steps, the tasks of the branch stand there from then on, beside the others. A choice among activities has a stage of its
 * own, before them, and the order goes on in the branch: see route.ts. This file makes the choice; all else is as without one.
 */
import type { Context, Deciding, Evaluated } from './deciding.ts';
import { evaluate } from './deciding.ts';
import { defined } from './defined.ts';
import type { EntryDraft } from './entry-draft.ts';
import type { Failure } from './failure.ts';
import type { LeftOut } from './journal-entry.ts';
import type { StagedOrder, StageProgress } from './order.ts';
import type { BranchRange } from './route.ts';
import { rangesOf } from './route.ts';
import type { RunPosition, StagePosition } from './stage.ts';
import { candidatesAt, plannedFor, positionOf, stepAt } from './stage.ts';
import { refusalOf } from './step-expressions.ts';
import type { MadeChoice, PlannedChoice, StageTask } from './task.ts';
import type { ActivityBranch, ActivityChoice, Branch, ChooseStep, Workflow } from './workflow.ts';
import { isTaskStep, performerOf, STAGES, stepsOfBranches } from './workflow.ts';

/** What a choice is called among the jobs of an order, should it fail. */
export const CHOICE = 'choose';

/** What a choice came to: a branch or none, and by branch why it was not taken; or why it cannot be made. */
export type Choice =
  | { readonly branch?: number; readonly notTaken: Reasons }
  | { readonly error: Failure };

/** What each of the choices that are due comes to. */
export function* choicesOf(
  order: StagedOrder,
  due: readonly StageTask[],
  draft: EntryDraft,
): Deciding<ReadonlyMap<StageTask, Choice>> {
  const choices = due
    .filter((task) => task.status === 'plannedChoice')
    .map((task) => ({ task, branches: branchesOf(task, order.stage, draft) }));
  const expressions = choices.flatMap(({ branches }) => whensOf(branches));
  const answers = [...(yield* evaluate(order, expressions, draft.applied))];
  return new Map(
    choices.map(({ task, branches }) => {
      return [task, choiceOf(branches, answers.splice(0, whensOf(branches).length))];
    }),
  );
}

function branchesOf(
  { step }: PlannedChoice,
  stage: StageProgress,
  { context: { workflow } }: EntryDraft,
): readonly (Branch | ActivityBranch)[] {
  return (choiceAmongActivities(stage, workflow) ?? choiceAmongSteps(step, stage, workflow)).choose;
}

/** The choice that has a stage of its own, if the order stands in one. */
function choiceAmongActivities(
  { choice }: StageProgress,
  workflow: Workflow,
): ActivityChoice | undefined {
  if (choice === undefined) return undefined;
  const { choices } = workflow as Required<Pick<Workflow, 'choices'>>;
  return choices[choice];
}

function choiceAmongSteps(step: number, stage: StageProgress, workflow: Workflow): ChooseStep {
  return stepAt(workflow, stage, step) as ChooseStep;
}

type Branches = ReturnType<typeof branchesOf>;

function whensOf(branches: Branches): readonly string[] {
  return branches.flatMap(({ when }) => when ?? []);
}

/** What comes after the branch that is taken is not looked at: its `when` may make sense only where the others do not. */
function choiceOf(branches: Branches, answers: readonly Evaluated[]): Choice {
  const refusals: string[] = [];
  for (const [branch] of branches.entries()) {
    const refusal = refusalOf(answers[branch]);
    if (refusal === undefined) {
      const why = `branch ${branch + 1} was`;
      return { branch, notTaken: branches.map((_, at) => (at > branch ? why : refusals[at])) };
    }
    if ('error' in refusal) {
      const message = `choose[${branch}].${refusal.error}`;
      return { error: { code: 'EXPRESSION_FAILED', message } };
    }
    refusals.push(refusal.skipped);
  }
  return { notTaken: refusals };
}

/** The order's stage with each choice that was made, and with the tasks of its branch. Whoever is in another branch is noted. */
export function withChoices(
  order: StagedOrder,
  choices: ReadonlyMap<StageTask, Choice>,
  draft: EntryDraft,
): StageProgress {
  const { stage } = order;
  const { workflow } = draft.context;
  const amongActivities = choiceAmongActivities(stage, workflow);
  return {
    ...stage,
    tasks: stage.tasks.flatMap((task): readonly StageTask[] => {
      const choice = choices.get(task);
      if (choice === undefined || 'error' in choice) return [task];
      const { step } = task;
      const made: MadeChoice = { status: 'chosen', step, ...defined({ branch: choice.branch }) };
      if (amongActivities !== undefined) {
        const { notTaken } = choice;
        draft.leftOut.push(...activitiesNotTaken(order, amongActivities, notTaken, draft.context));
        return [made];
      }
      const { choose } = choiceAmongSteps(step, stage, workflow);
      draft.leftOut.push(...stepsNotTaken(choose, choice.notTaken, stage));
      return [made, ...tasksOf(choose, choice.branch, step + 1)];
    }),
  };
}

/** @param first the number of the first step of all branches */
function tasksOf(
  branches: readonly Branch[],
  taken: number | undefined,
  first: number,
): readonly StageTask[] {
  if (taken === undefined) return [];
  const before = stepsOfBranches({ choose: branches.slice(0, taken) }).length;
  const { steps } = branches[taken] as Branch;
  return steps.map((step, index) => plannedFor(step, first + before + index));
}

function stepsNotTaken(
  branches: readonly Branch[],
  notTaken: Reasons,
  stage: StageProgress,
): readonly LeftOut[] {
  return eachNotTaken(branches, notTaken, ({ steps }, reason) =>
    steps.filter(isTaskStep).map((step) => leftOutOf(performerOf(step), stage, reason)),
  );
}

function activitiesNotTaken(
  order: StagedOrder,
  choice: ActivityChoice,
  notTaken: Reasons,
  { workflow, plugins }: Context,
): readonly LeftOut[] {
  return eachNotTaken(rangesOf(choice), notTaken, (range, reason) =>
    stagesIn(range).flatMap((position) =>
      candidatesAt(order, position, workflow, plugins).map((plugin) =>
        leftOutOf(plugin, position, reason),
      ),
    ),
  );
}

/** By branch why it was not taken; `undefined` for the one that was. */
type Reasons = readonly (string | undefined)[];

function eachNotTaken<OfBranch>(
  branches: readonly OfBranch[],
  notTaken: Reasons,
  leftOutIn: (branch: OfBranch, reason: string) => readonly LeftOut[],
): readonly LeftOut[] {
  return branches.flatMap((branch, index) => {
    const why = notTaken[index];
    if (why === undefined) return [];
    return leftOutIn(branch, `branch ${index + 1} of its choice was not taken: ${why}`);
  });
}

function stagesIn({ first, end }: BranchRange): readonly StagePosition[] {
  return Array.from({ length: end - first }, (_, at) => first + at).flatMap((activity) =>
    STAGES.map((stage) => ({ activity, stage })),
  );
}

function leftOutOf(plugin: string, position: RunPosition, reason: string): LeftOut {
  return { plugin, status: 'skipped', ...positionOf(position), reason };
}
