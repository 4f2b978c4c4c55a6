import type { EntryDraft } from './entry-draft.ts';
import type { AcceptedOrder, RunningOrder, StageProgress } from './order.ts';
import { stageAfter } from './route.ts';
import type { Begun } from './sessions.ts';
import type { StagePosition } from './stage.ts';
import { notInvited, plan } from './stage.ts';

/** The order in its first stage, none of whose tasks has been started; a workflow has at least one stage. */
export function inFirstStage(order: AcceptedOrder, draft: EntryDraft): RunningOrder {
  const first = stageAfter(draft.context.workflow, undefined);
  if (first === undefined) throw new Error(`workflow ${order.workflow.name} has no stage`);
  const before = { ...order, taskCount: 0, jobs: {}, failedJobs: [] };
  return { ...before, status: 'running', stage: stageEntered(order, first, draft) };
}

/** The stage with the tasks that are planned for it from now on; whoever is left out is noted. */
export function stageEntered(
  order: Pick<RunningOrder, 'attributes' | 'workflow'> & Begun,
  position: StagePosition,
  { context, leftOut }: EntryDraft,
): StageProgress {
  const { workflow, plugins } = context;
  leftOut.push(...notInvited(order, position, workflow, plugins));
  return { ...position, tasks: plan(order, position, workflow, plugins) };
}
