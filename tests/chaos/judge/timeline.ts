import type { Workflow } from '../../../src/core/workflow.ts';
import type { Act, ActName } from '../people/acts.ts';
import { WORKFLOWS } from '../plans.ts';
import type { Case } from './case.ts';

const EVENTS: Readonly<Record<ActName, string>> = {
  cancel: 'CancelRequested',
  pause: 'PauseRequested',
  resume: 'ResumeRequested',
  retry: 'RetryRequested',
  skip: 'SkipRequested',
};

/** What is wrong about the timeline: every act that was taken stands there once, those that were refused do not, and no others. */
export function wrongTimeline(all: Case): readonly string[] {
  const { order, acts } = all;
  const wrong: string[] = [];
  const asked = new Map<string, number>();
  const operations = new Map<string, number>();
  for (const { event, reason = '', operation } of order.timeline) {
    if (!Object.values(EVENTS).includes(event)) continue;
    const [counts, name] = operation === undefined ? [asked, reason] : [operations, operation];
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  for (const act of acts) {
    const times = asked.get(act.reason) ?? 0;
    const named = `${act.act} (${act.reason})`;
    asked.delete(act.reason);
    if (act.refused !== undefined && times > 0) {
      wrong.push(`${named} was refused with ${act.refused}, and stands in the timeline`);
    } else if (times > 1) {
      wrong.push(`${named} stands ${times} times in the timeline`);
    } else if (act.refused === undefined && times === 0 && !mayHaveChangedNothing(act, all)) {
      wrong.push(`${named} was taken, and does not stand in the timeline`);
    }
  }
  for (const [reason] of asked) wrong.push(`nobody asked for what stands as "${reason}"`);
  for (const [operationId, times] of operations) {
    if (times > 1) wrong.push(`${operationId} has acted ${times} times`);
    if (!all.operations.has(operationId)) wrong.push(`nobody has begun ${operationId}`);
  }
  return wrong;
}

/** To pause what is paused changes nothing, nor does it to cancel what is cancelled. */
function mayHaveChangedNothing(act: Act, { order, plan }: Case): boolean {
  if (act.act === 'cancel') return order.timeline.some(({ event }) => event === EVENTS.cancel);
  if (act.act !== 'pause') return false;
  const { pauseOnFailure } = WORKFLOWS.get(plan.workflow) as Workflow;
  let isPaused = false;
  let mayBePaused = false;
  for (const { at, event } of order.timeline) {
    const instant = Date.parse(at);
    if (instant > act.answeredAt) break;
    if (instant <= act.askedAt) mayBePaused = isPaused;
    if (event === EVENTS.pause || (pauseOnFailure && event === 'TaskFailed')) isPaused = true;
    if ([EVENTS.resume, EVENTS.retry, EVENTS.cancel].includes(event)) isPaused = false;
    mayBePaused ||= isPaused;
  }
  return mayBePaused;
}
