import { firstAttempt, retriedAttempt } from './attempts.ts';
import type { Deciding } from './deciding.ts';
import { defined } from './defined.ts';
import type { EntryDraft } from './entry-draft.ts';
import { millisecondsOf } from './json.ts';
import type {
  AcceptedOrder,
  CompletedOrder,
  EndedOrder,
  FailedJob,
  FailedOrder,
  FailedTask,
  RunningOrder,
  StageTask,
  Wait,
} from './order.ts';
import { isSettled, nthName } from './order.ts';
import { payloadAfter } from './payload-after.ts';
import type { StagePosition } from './stage.ts';
import { notInvited, plan, stageAfter, stepAt } from './stage.ts';
import { withTasks } from './stage-tasks.ts';
import { evaluateSteps } from './step-expressions.ts';

/** The order in its first stage, none of whose tasks has been started; a workflow has at least one stage. */
export function inFirstStage(order: AcceptedOrder, draft: EntryDraft): RunningOrder {
  const first = stageAfter(draft.context.workflow, undefined);
  if (first === undefined) throw new Error(`workflow ${order.workflow.name} has no stage`);
  const before = { ...order, taskCount: 0, jobs: {}, failedJobs: [] };
  return { ...before, status: 'running', stage: stageEntered(order, first, draft) };
}

/** The stage with the tasks that are planned for it from now on; whoever is left out is noted. */
function stageEntered(
  order: Pick<RunningOrder, 'attributes' | 'workflow'>,
  position: StagePosition,
  { context, leftOut }: EntryDraft,
) {
  const { workflow, plugins } = context;
  leftOut.push(...notInvited(order, position, workflow, plugins));
  return { ...position, tasks: plan(order, position, workflow, plugins) };
}

/** Moves the order on, stage by stage, until it has to wait for something or has ended. */
export function* progress(
  order: RunningOrder,
  draft: EntryDraft,
): Deciding<RunningOrder | EndedOrder> {
  let current = order;
  for (;;) {
    const failed = failedMandatory(current);
    if (failed !== undefined) return failedOrder(current, failed, draft);
    const due = current.stage.tasks.filter((task) => isDue(current, task, draft));
    if (due.length > 0) {
      current = yield* withStarted(current, due, draft);
    } else if (!current.stage.tasks.every(isSettled)) {
      return withStatus(current);
    } else {
      const payload = yield* payloadAfter(current, draft);
      const ended = { ...current, payload, failedJobs: failedJobsOf(current) };
      const next = stageAfter(draft.context.workflow, current.stage);
      if (next === undefined) return completedOrder(ended, draft);
      current = { ...ended, stage: stageEntered(ended, next, draft) };
    }
  }
}

/** A mandatory failure ends a pre or post stage at once, and a parallel one when all of its tasks have ended. */
function failedMandatory({ stage }: RunningOrder): FailedTask | undefined {
  if (stage.stage === 'parallel' && !stage.tasks.every(isSettled)) return undefined;
  return stage.tasks.find((task): task is FailedTask => task.status === 'failed' && task.mandatory);
}

/** Whether the task's turn has come: in a pre or post stage, the first that has not ended. */
function isDue({ stage }: RunningOrder, task: StageTask, draft: EntryDraft): boolean {
  if (stage.stage !== 'parallel' && stage.tasks.find((one) => !isSettled(one)) !== task) {
    return false;
  }
  if (task.status === 'backingOff') return task.retryAt <= draft.at;
  return task.status === 'planned' || task.status === 'plannedWait';
}

/** The order with each due task attempted, waited for, or skipped. */
function* withStarted(
  order: RunningOrder,
  due: readonly StageTask[],
  draft: EntryDraft,
): Deciding<RunningOrder> {
  const outcomes = yield* evaluateSteps(order, due, draft);
  const jobs = new Map(Object.entries(order.jobs));
  let taskCount = order.taskCount;
  const started = withTasks(order, (task) => {
    if (!due.includes(task)) return task;
    if (task.status === 'plannedWait') return waitBegun(order, task.step, draft);
    if (task.status === 'backingOff') return retriedAttempt(order, task, draft);
    if (task.status !== 'planned') return task;
    const outcome = outcomes.get(task);
    if (outcome !== undefined && 'skipped' in outcome) {
      const { activity, stage } = order.stage;
      const { plugin } = task;
      draft.leftOut.push({ plugin, status: 'skipped', activity, stage, reason: outcome.skipped });
      return { ...task, status: 'skipped' };
    }
    const n = (jobs.get(task.plugin) ?? 0) + 1;
    jobs.set(task.plugin, n);
    taskCount += 1;
    const name = { taskId: `t${taskCount}`, job: nthName(task.plugin, n) };
    return firstAttempt(order, task, name, outcome, draft);
  });
  return { ...started, jobs: Object.fromEntries(jobs), taskCount };
}

function waitBegun(order: RunningOrder, index: number, { context, entry, at }: EntryDraft): Wait {
  const step = stepAt(context.workflow, order.stage, index);
  const seconds = step !== undefined && 'waitSeconds' in step ? step.waitSeconds : 0;
  return { status: 'waiting', step: index, entry, until: at + millisecondsOf(seconds) };
}

function failedJobsOf(order: RunningOrder): readonly FailedJob[] {
  const failed = order.stage.tasks.flatMap((task) =>
    task.status === 'failed' ? [{ job: task.job, entry: task.entry, error: task.error }] : [],
  );
  return [...order.failedJobs, ...failed];
}

function withStatus(order: RunningOrder): RunningOrder {
  const open = order.stage.tasks.filter(
    (task) => !isSettled(task) && !task.status.startsWith('planned'),
  );
  const isWaiting = open.every((task) => task.status === 'waiting');
  return { ...order, status: isWaiting ? 'waiting' : 'running' };
}

function completedOrder(order: RunningOrder, draft: EntryDraft): CompletedOrder {
  const { failedJobs, payload } = order;
  return { status: 'completed', ...identityOf(order, draft), failedJobs, result: payload };
}

function failedOrder(order: RunningOrder, task: FailedTask, draft: EntryDraft): FailedOrder {
  const { job, plugin, attempt } = task;
  const error = { ...task.error, task: job, plugin, attempt };
  return { status: 'failed', ...identityOf(order, draft), error };
}

/** What an ended order keeps of the order that it was. */
export function identityOf(
  { orderId, workflow, attributes, acceptedAt, client, wakeUp }: AcceptedOrder | RunningOrder,
  { entry, at }: EntryDraft,
) {
  const identity = { orderId, workflow, attributes, acceptedAt };
  return { ...identity, ...defined({ client }), entry, endedAt: at, wakeUp };
}
