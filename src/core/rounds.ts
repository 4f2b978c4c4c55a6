/**
 * An activity with `repeat` is done in rounds. When all else in its last stage is over, this file decides whether there is another one,
 * or whether there were too many. (What is done when an event comes again stands in repeats.ts.)
 */
import type { Deciding } from './deciding.ts';
import { evaluate } from './deciding.ts';
import type { EntryDraft } from './entry-draft.ts';
import type { Failure } from './failure.ts';
import type { StagedOrder, StageProgress } from './order.ts';
import type { StagePosition } from './stage.ts';
import { refusalOf } from './step-expressions.ts';
import type { DecidedRepeat, PlannedRepeat, StageTask } from './task.ts';
import type { Repeat } from './workflow.ts';

/** What the decision is called among the jobs of an order, should it fail. */
export const REPEAT = 'repeat';

/** Whether the activity is repeated, or why it cannot be; `undefined` where that is not due. */
export function* repeatOf(
  order: StagedOrder,
  due: readonly StageTask[],
  { context, applied }: EntryDraft,
): Deciding<DecidedRepeat | Failure | undefined> {
  const planned = due.find((task) => task.status === 'plannedRepeat');
  if (planned === undefined) return undefined;
  const { stage } = order;
  const repeat = context.workflow.activities[stage.activity]?.repeat as Repeat;
  const [until] = yield* evaluate(order, [repeat.until], applied);
  const refusal = refusalOf(until, 'until');
  if (refusal === undefined) return { status: 'repeatDecided', step: planned.step };
  if ('error' in refusal) {
    return { code: 'EXPRESSION_FAILED', message: `repeat.${refusal.error}` };
  }
  const { round = 1 } = stage;
  if (!isLast(round, repeat, planned)) {
    return { status: 'repeatDecided', step: planned.step, repeats: true };
  }
  const message = `after ${round} rounds ${refusal.skipped}`;
  return { code: 'REPEATED_TOO_OFTEN', message };
}

/** Asked again, an expression comes to what it came to: whoever retries the order gives it as many rounds again. */
function isLast(round: number, { max }: Repeat, { again }: PlannedRepeat): boolean {
  return round % max === 0 && again === undefined;
}

/** Where the next round begins, if there is one. */
export function nextRound({
  activity,
  round = 1,
  tasks,
}: StageProgress): StagePosition | undefined {
  const repeats = tasks.some((task) => task.status === 'repeatDecided' && task.repeats === true);
  return repeats ? { activity, stage: 'pre', round: round + 1 } : undefined;
}
