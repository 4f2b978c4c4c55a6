import type { Deciding, Evaluated } from './deciding.ts';
import { evaluate, recallHistory } from './deciding.ts';
import type { EntryDraft } from './entry-draft.ts';
import type { Json } from './json.ts';
import type {
  AcceptedOrder,
  BackingOffTask,
  CompletedOrder,
  CompletedTask,
  EndedOrder,
  FailedJob,
  FailedOrder,
  FailedTask,
  Failure,
  InFlightTask,
  PlannedTask,
  RunningOrder,
  StageTask,
} from './order.ts';
import { isSettled, nthName } from './order.ts';
import type { Plugin } from './plugin.ts';
import { policyOf, retryAt } from './retry.ts';
import { failAttempt, withTasks } from './settle.ts';
import type { StagePosition } from './stage.ts';
import { plan, resultKeys, stageAfter, stepAt } from './stage.ts';
import type { PluginStep } from './workflow.ts';

/** The order in its first stage, none of whose tasks has been started; a workflow has at least one stage. */
export function enterFirstStage(order: AcceptedOrder, draft: EntryDraft): RunningOrder {
  const first = stageAfter(draft.context.workflow, undefined);
  if (first === undefined) throw new Error(`workflow ${order.workflow.name} has no stage`);
  const before = { ...order, taskCount: 0, jobs: {}, failedJobs: [] };
  return { ...before, status: 'running', stage: enter(order, first, draft) };
}

function enter(
  order: Pick<RunningOrder, 'attributes' | 'workflow'>,
  position: StagePosition,
  draft: EntryDraft,
) {
  const tasks = plan(order, position, draft.context.workflow, draft.context.plugins);
  return { ...position, enteredIn: draft.entry, tasks };
}

/** Moves the order on, stage by stage, until it has to wait for something or has ended. */
export function* progress(
  order: RunningOrder,
  draft: EntryDraft,
): Deciding<RunningOrder | EndedOrder> {
  let current = order;
  for (;;) {
    const failed = failedMandatory(current);
    if (failed !== undefined) return failOrder(current, failed, draft);
    const due = current.stage.tasks.filter((task) => isDue(current, task, draft));
    if (due.length > 0) {
      current = yield* start(current, due, draft);
    } else if (!current.stage.tasks.every(isSettled)) {
      return withStatus(current);
    } else {
      const payload = yield* payloadAfter(current, draft);
      const ended = { ...current, payload, failedJobs: failedJobsOf(current) };
      const next = stageAfter(draft.context.workflow, current.stage);
      if (next === undefined) return completeOrder(ended, draft);
      current = { ...ended, stage: enter(ended, next, draft) };
    }
  }
}

/** A mandatory failure ends a pre or post stage at once, and a parallel one when all of its tasks have ended. */
function failedMandatory({ stage }: RunningOrder): FailedTask | undefined {
  if (stage.stage === 'parallel' && !stage.tasks.every(isSettled)) return undefined;
  return stage.tasks.find((task): task is FailedTask => task.status === 'failed' && task.mandatory);
}

/** Whether the task's draft has come: in a pre or post stage, the first that has not ended. */
function isDue({ stage }: RunningOrder, task: StageTask, draft: EntryDraft): boolean {
  if (stage.stage !== 'parallel' && stage.tasks.find((one) => !isSettled(one)) !== task)
    return false;
  if (task.status === 'backingOff') return task.retryAt <= draft.at;
  return task.status === 'planned' || task.status === 'plannedWait';
}

function* start(
  order: RunningOrder,
  due: readonly StageTask[],
  draft: EntryDraft,
): Deciding<RunningOrder> {
  const inputs = yield* resolveInputs(order, due, draft);
  const jobs: Record<string, number> = { ...order.jobs };
  let taskCount = order.taskCount;
  const started = withTasks(order, (task) => {
    if (!due.includes(task)) return task;
    if (task.status === 'plannedWait') return beginWait(order, task.step, draft);
    if (task.status === 'backingOff') return attemptAgain(order, task, draft);
    if (task.status !== 'planned') return task;
    const input = inputs.get(task);
    if (input === 'skipped') return { ...task, status: 'skipped' };
    const n = (Object.hasOwn(jobs, task.plugin) ? (jobs[task.plugin] ?? 0) : 0) + 1;
    jobs[task.plugin] = n;
    taskCount += 1;
    return attemptFirst(order, task, `t${taskCount}`, nthName(task.plugin, n), input, draft);
  });
  return { ...started, jobs, taskCount };
}

/** What the expressions of a planned task came to: nothing of its own, an input, a failure, or that it is skipped. */
type ResolvedInput = { readonly value: Json } | { readonly error: string } | 'skipped' | undefined;

function* resolveInputs(
  order: RunningOrder,
  due: readonly StageTask[],
  draft: EntryDraft,
): Deciding<ReadonlyMap<StageTask, ResolvedInput>> {
  const conditional = due.flatMap((task) => {
    if (task.status !== 'planned') return [];
    const entry = pluginStepAt(order, task.step, draft);
    return entry?.when === undefined && entry?.input === undefined ? [] : [{ task, entry }];
  });
  const expressions = conditional.flatMap(({ entry: { when, input } }) => [
    ...(when === undefined ? [] : [when]),
    ...(input === undefined ? [] : [input]),
  ]);
  const answers = [...(yield* evaluate(order.payload, expressions, draft.applied))];
  const resolved = new Map<StageTask, ResolvedInput>();
  for (const { task, entry } of conditional) {
    const when = entry.when === undefined ? { value: true } : answers.shift();
    const input = entry.input === undefined ? undefined : answers.shift();
    if (when === undefined || 'error' in when) resolved.set(task, named('when', when));
    else resolved.set(task, when.value === true ? named('input', input) : 'skipped');
  }
  return resolved;
}

/** A failure with its place in the step's definition, such as `input.items[2].id`. */
function named(field: 'when' | 'input', answer: Evaluated | undefined): ResolvedInput {
  if (answer === undefined || 'value' in answer) return answer;
  return { error: `${field}${answer.place ?? ''}: ${answer.error}` };
}

function beginWait(order: RunningOrder, step: number, draft: EntryDraft): StageTask {
  const entry = stepAt(draft.context.workflow, order.stage, step);
  const seconds = entry !== undefined && 'waitSeconds' in entry ? entry.waitSeconds : 0;
  return { status: 'waiting', step, entry: draft.entry, until: draft.at + seconds * 1000 };
}

function attemptFirst(
  order: RunningOrder,
  { step, plugin, mandatory }: PlannedTask,
  taskId: string,
  job: string,
  input: Exclude<ResolvedInput, 'skipped'>,
  draft: EntryDraft,
): StageTask {
  const started = { step, plugin, mandatory, taskId, job, attempt: 0, entry: draft.entry };
  if (input !== undefined && 'error' in input) {
    const error = { code: 'EXPRESSION_FAILED', message: input.error };
    return { ...started, status: 'failed', error };
  }
  const { totalSeconds } = policyFor(order, { step, plugin }, draft);
  const own = input === undefined ? {} : { input: input.value };
  return dispatch(order, { ...started, ...own, giveUpAt: draft.at + totalSeconds * 1000 }, draft);
}

/** The next attempt of a task that failed, unless its time is up by now. */
function attemptAgain(order: RunningOrder, task: BackingOffTask, draft: EntryDraft): StageTask {
  if (task.giveUpAt <= draft.at) return failAttempt(task, task.error, undefined, draft.entry);
  const next = dispatch(order, task, draft);
  return next.status === 'inFlight' && task.entry === draft.entry
    ? { ...next, atOnce: true }
    : next;
}

/** The next attempt of a task, counted now. */
function dispatch(
  order: RunningOrder,
  task: Omit<BackingOffTask, 'status' | 'retryAt' | 'error'> & { readonly error?: Failure },
  draft: EntryDraft,
): StageTask {
  const { step, plugin: name, mandatory, taskId, job, input, giveUpAt } = task;
  const plugin = draft.context.plugins.get(name);
  const { timeoutSeconds, retry } = policyFor(order, task, draft);
  const heartbeatMs = plugin?.heartbeatSeconds && plugin.heartbeatSeconds * 1000;
  const inFlight: InFlightTask = {
    status: 'inFlight',
    ...{ step, plugin: name, mandatory, taskId, job, entry: draft.entry, giveUpAt },
    ...(input === undefined ? {} : { input }),
    attempt: task.attempt + 1,
    dispatchedAt: draft.at,
    deadlineAt: Math.min(draft.at + timeoutSeconds * 1000, giveUpAt),
    ...(heartbeatMs === undefined ? {} : { silentAt: draft.at + heartbeatMs }),
  };
  const error = refusalOf(name, plugin, task.error);
  if (error === undefined) return inFlight;
  const attempt = { ...inFlight, orderId: order.orderId, at: draft.at };
  return failAttempt(inFlight, error, retryAt(attempt, { retry: 'policy' }, retry), draft.entry);
}

/** Codes of attempts that never reached their plugin. */
const NEVER_SENT: readonly string[] = ['PLUGIN_NOT_REGISTERED', 'PLUGIN_DRAINING'];

/** Why an attempt cannot be sent, if so. A plugin that retires still gets a task again that it has had. */
function refusalOf(
  name: string,
  plugin: Plugin | undefined,
  last: Failure | undefined,
): Failure | undefined {
  if (plugin === undefined) {
    const message = `no plugin is registered under the name ${name}`;
    return { code: 'PLUGIN_NOT_REGISTERED', message };
  }
  const hasHadIt = last !== undefined && !NEVER_SENT.includes(last.code);
  if (plugin.draining !== true || hasHadIt) return undefined;
  return { code: 'PLUGIN_DRAINING', message: `the plugin ${name} retires and takes nothing new` };
}

function policyFor(order: RunningOrder, task: { step: number; plugin: string }, draft: EntryDraft) {
  const entry = pluginStepAt(order, task.step, draft);
  return policyOf(entry, draft.context.plugins.get(task.plugin));
}

function pluginStepAt(
  order: RunningOrder,
  step: number,
  draft: EntryDraft,
): PluginStep | undefined {
  const entry = stepAt(draft.context.workflow, order.stage, step);
  return entry !== undefined && 'plugin' in entry ? entry : undefined;
}

/**
 * The payload that the next stage gets. A parallel stage in which no task took part hands on what it got; otherwise its
 * result is an object of the results, keyed by plugin.
 */
function* payloadAfter({ stage, payload }: RunningOrder, draft: EntryDraft): Deciding<Json> {
  if (stage.stage !== 'parallel') return payload;
  if (!stage.tasks.some((task) => task.status === 'completed' || task.status === 'failed')) {
    return payload;
  }
  const completed = stage.tasks.filter(
    (task): task is CompletedTask => task.status === 'completed',
  );
  const atHand = completed.every(({ taskId }) => draft.results.has(taskId));
  const earlier = atHand ? undefined : yield* recallHistory();
  const keys = resultKeys(stage);
  return Object.fromEntries(
    completed.map((task) => {
      const recalled = earlier?.jobs[task.job]?.result ?? null;
      const result = draft.results.has(task.taskId) ? draft.results.get(task.taskId) : recalled;
      return [keys[stage.tasks.indexOf(task)] ?? task.job, result ?? null];
    }),
  );
}

function failedJobsOf(order: RunningOrder): readonly FailedJob[] {
  const failed = order.stage.tasks.flatMap((task) =>
    task.status === 'failed' ? [{ job: task.job, entry: task.entry, error: task.error }] : [],
  );
  return failed.length === 0 ? order.failedJobs : [...order.failedJobs, ...failed];
}

function withStatus(order: RunningOrder): RunningOrder {
  const open = order.stage.tasks.filter(
    (task) => !isSettled(task) && !task.status.startsWith('planned'),
  );
  const status = open.every((task) => task.status === 'waiting') ? 'waiting' : 'running';
  return status === order.status ? order : { ...order, status };
}

function completeOrder(order: RunningOrder, draft: EntryDraft): CompletedOrder {
  const { failedJobs, payload } = order;
  return { status: 'completed', ...identityOf(order, draft), failedJobs, result: payload };
}

function failOrder(order: RunningOrder, task: FailedTask, draft: EntryDraft): FailedOrder {
  const { job, plugin, attempt } = task;
  const error = { ...task.error, task: job, plugin, attempt };
  return { status: 'failed', ...identityOf(order, draft), error };
}

/** What an ended order keeps of the order that it was. */
export function identityOf(
  { orderId, workflow, attributes, acceptedAt, client }: AcceptedOrder | RunningOrder,
  draft: EntryDraft,
) {
  const identity = { orderId, workflow, attributes, acceptedAt };
  const sender = client === undefined ? {} : { client };
  return { ...identity, ...sender, entry: draft.entry, endedAt: draft.at };
}
