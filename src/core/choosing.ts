/**
 * A choice takes the first of its branches whose `when` is true. It is made when its turn comes, once, and recorded in its stage, where
 * the tasks of the branch stand from then on, beside the others. This file makes the choice; all else is as with tasks that the stage
 * has had from the beginning.
 */
import type { Deciding, Evaluated } from './deciding.ts';
import { evaluate } from './deciding.ts';
import { defined } from './defined.ts';
import type { EntryDraft } from './entry-draft.ts';
import type { Failure } from './failure.ts';
import type { LeftOut } from './journal-entry.ts';
import type { StagedOrder, StageProgress } from './order.ts';
import { plannedFor, positionOf, stepAt } from './stage.ts';
import { refusalOf } from './step-expressions.ts';
import type { MadeChoice, PlannedChoice, StageTask } from './task.ts';
import type { Branch, ChooseStep } from './workflow.ts';
import { isTaskStep, performerOf, stepsOfBranches } from './workflow.ts';

/** What a choice is called among the jobs of an order, should it fail. */
export const CHOICE = 'choose';

/** What a choice came to: a branch or none, and by branch why it was not taken; or why it cannot be made. */
export type Choice =
  | { readonly branch?: number; readonly notTaken: readonly (string | undefined)[] }
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
  const answers = [...(yield* evaluate(order.payload, expressions, draft.applied))];
  return new Map(
    choices.map(({ task, branches }) => {
      return [task, choiceOf(branches, answers.splice(0, whensOf(branches).length))];
    }),
  );
}

function branchesOf(
  { step }: PlannedChoice,
  stage: StageProgress,
  { context }: EntryDraft,
): readonly Branch[] {
  return (stepAt(context.workflow, stage, step) as ChooseStep).choose;
}

function whensOf(branches: readonly Branch[]): readonly string[] {
  return branches.flatMap(({ when }) => when ?? []);
}

/** What comes after the branch that is taken is not looked at: its `when` may make sense only where the others do not. */
function choiceOf(branches: readonly Branch[], answers: readonly Evaluated[]): Choice {
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

/** The stage with each choice that was made, and with the tasks of its branch. Whoever is in another branch is noted. */
export function withChoices(
  stage: StageProgress,
  choices: ReadonlyMap<StageTask, Choice>,
  draft: EntryDraft,
): StageProgress {
  if (choices.size === 0) return stage;
  return {
    ...stage,
    tasks: stage.tasks.flatMap((task): readonly StageTask[] => {
      const choice = choices.get(task);
      if (task.status !== 'plannedChoice' || choice === undefined || 'error' in choice) {
        return [task];
      }
      const branches = branchesOf(task, stage, draft);
      draft.leftOut.push(...notTakenOf(branches, choice.notTaken, stage));
      const { step } = task;
      const made: MadeChoice = { status: 'chosen', step, ...defined({ branch: choice.branch }) };
      return [made, ...tasksOf(branches, choice.branch, step + 1)];
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
  const { steps = [] } = branches[taken] ?? {};
  return steps.map((step, index) => plannedFor(step, first + before + index));
}

function notTakenOf(
  branches: readonly Branch[],
  notTaken: readonly (string | undefined)[],
  stage: StageProgress,
): readonly LeftOut[] {
  return branches.flatMap(({ steps }, branch) => {
    const why = notTaken[branch];
    if (why === undefined) return [];
    const reason = `branch ${branch + 1} of its choice was not taken: ${why}`;
    return steps
      .filter(isTaskStep)
      .map(performerOf)
      .map((plugin) => ({ plugin, status: 'skipped', ...positionOf(stage), reason }) as const);
  });
}
