/** When the waits of a stage end: after a duration, or at an instant that the workflow names or an expression comes to. */
import type { Deciding, Evaluated } from './deciding.ts';
import { evaluate } from './deciding.ts';
import { defined } from './defined.ts';
import type { EntryDraft } from './entry-draft.ts';
import type { Failure } from './failure.ts';
import { instantIn } from './instant.ts';
import type { Instant } from './json.ts';
import { millisecondsOf } from './json.ts';
import type { StagedOrder } from './order.ts';
import { stepAt } from './stage.ts';
import { shown } from './step-expressions.ts';
import type { EndedWait, PlannedWait, StageTask, Wait } from './task.ts';
import type { AnyWaitStep } from './workflow.ts';

/** What a wait is called among the jobs of an order, should it fail. */
export const WAIT = 'wait';

/** Longer waits are better scheduled by their owner. */
const LONGEST_MS = 366 * 86_400_000;

/** When a wait ends, or why that cannot be said. */
export type WaitEnd = Instant | Failure;

/** When each of the waits that are due ends. */
export function* endsOfWaits(
  order: StagedOrder,
  due: readonly StageTask[],
  draft: EntryDraft,
): Deciding<ReadonlyMap<StageTask, WaitEnd>> {
  const waits = due
    .filter((task) => task.status === 'plannedWait')
    .map((task) => ({
      task,
      step: stepAt(draft.context.workflow, order.stage, task.step) as AnyWaitStep,
    }));
  const expressions = waits.flatMap(({ step }) => expressionOf(step) ?? []);
  const answers = [...(yield* evaluate(order, expressions, draft.applied))];
  return new Map(
    waits.map(({ task, step }) => {
      const answer = expressionOf(step) === undefined ? undefined : answers.shift();
      return [task, endOf(step, answer, draft.at)];
    }),
  );
}

/** What is no instant is an expression. */
function expressionOf(step: AnyWaitStep): string | undefined {
  if ('waitSeconds' in step) return undefined;
  return instantIn(step.waitUntil) === undefined ? step.waitUntil : undefined;
}

function endOf(step: AnyWaitStep, answer: Evaluated | undefined, at: Instant): WaitEnd {
  if ('waitSeconds' in step) return at + millisecondsOf(step.waitSeconds);
  const failed = (message: string) => ({
    code: 'EXPRESSION_FAILED',
    message: `waitUntil: ${message}`,
  });
  if (answer !== undefined && 'error' in answer) return failed(answer.error);
  const text = answer === undefined ? step.waitUntil : answer.value;
  const until = typeof text === 'string' ? instantIn(text) : undefined;
  if (until === undefined) {
    return failed(
      `it came to ${shown(text)}; it must be an instant such as 2026-12-24T18:00:00+01:00`,
    );
  }
  if (until - at <= LONGEST_MS) return until;
  const message = `waitUntil: ${new Date(until).toISOString()} is more than a year away`;
  return { code: 'WAIT_TOO_LONG', message };
}

/** The wait as it begins; it is over at once where its end has gone by. */
export function waitBegun(
  { step, again }: PlannedWait,
  until: Instant,
  { at, entry }: EntryDraft,
): Wait | EndedWait {
  if (until <= at) return { status: 'waited', step };
  return { status: 'waiting', step, entry, until, ...defined({ again }) };
}
