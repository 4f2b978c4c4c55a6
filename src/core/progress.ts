import type { Deciding } from './deciding.ts';
import { evaluate, recallHistory } from './deciding.ts';
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
import { entryAt, plan, resultKeys, stageAfter } from './stage.ts';
import type { Turn } from './turn.ts';
import type { PluginEntry } from './workflow.ts';

/** The order in its first stage, none of whose tasks has been started; a workflow has at least one stage. */
export function enterFirstStage(order: AcceptedOrder, turn: Turn): RunningOrder {
  const first = stageAfter(turn.context.workflow, undefined);
  if (first === undefined) throw new Error(`workflow ${order.workflow.name} has no stage`);
  const before = { ...order, taskCount: 0, jobs: {}, failedJobs: [] };
  return { ...before, status: 'running', stage: enter(order, first, turn) };
}

function enter(
  order: Pick<RunningOrder, 'attributes' | 'workflow'>,
  position: StagePosition,
  turn: Turn,
) {
  const tasks = plan(order, position, turn.context.workflow, turn.context.plugins);
  return { ...position, enteredIn: turn.entry, tasks };
}

/** Moves the order on, stage by stage, until it has to wait for something or has ended. */
export function* progress(order: RunningOrder, turn: Turn): Deciding<RunningOrder | EndedOrder> {
  let current = order;
  for (;;) {
    const failed = failedMandatory(current);
    if (failed !== undefined) return failOrder(current, failed, turn);
    const due = current.stage.tasks.filter((task) => isDue(current, task, turn));
    if (due.length > 0) {
      current = yield* start(current, due, turn);
    } else if (!current.stage.tasks.every(isSettled)) {
      return withStatus(current);
    } else {
      const payload = yield* payloadAfter(current, turn);
      const ended = { ...current, payload, failedJobs: failedJobsOf(current) };
      const next = stageAfter(turn.context.workflow, current.stage);
      if (next === undefined) return completeOrder(ended, turn);
      current = { ...ended, stage: enter(ended, next, turn) };
    }
  }
}

/** A mandatory failure ends a pre or post stage at once, and a parallel one when all of its tasks have ended. */
function failedMandatory({ stage }: RunningOrder): FailedTask | undefined {
  if (stage.stage === 'parallel' && !stage.tasks.every(isSettled)) return undefined;
  return stage.tasks.find((task): task is FailedTask => task.status === 'failed' && task.mandatory);
}

/** Whether the task's turn has come: in a pre or post stage, the first that has not ended. */
function isDue({ stage }: RunningOrder, task: StageTask, turn: Turn): boolean {
  if (stage.stage !== 'parallel' && stage.tasks.find((one) => !isSettled(one)) !== task)
    return false;
  if (task.status === 'backingOff') return task.retryAt <= turn.at;
  return task.status === 'planned' || task.status === 'plannedWait';
}

function* start(
  order: RunningOrder,
  due: readonly StageTask[],
  turn: Turn,
): Deciding<RunningOrder> {
  const inputs = yield* resolveInputs(order, due, turn);
  const jobs: Record<string, number> = { ...order.jobs };
  let taskCount = order.taskCount;
  const started = withTasks(order, (task) => {
    if (!due.includes(task)) return task;
    if (task.status === 'plannedWait') return beginWait(order, task.place, turn);
    if (task.status === 'backingOff') return attemptAgain(order, task, turn);
    if (task.status !== 'planned') return task;
    const input = inputs.get(task);
    if (input === 'skipped') return { ...task, status: 'skipped' };
    const n = (Object.hasOwn(jobs, task.plugin) ? (jobs[task.plugin] ?? 0) : 0) + 1;
    jobs[task.plugin] = n;
    taskCount += 1;
    return attemptFirst(order, task, `t${taskCount}`, nthName(task.plugin, n), input, turn);
  });
  return { ...started, jobs, taskCount };
}

/** What the expressions of a planned task came to: nothing of its own, an input, a failure, or that it is skipped. */
type ResolvedInput = { readonly value: Json } | { readonly error: string } | 'skipped' | undefined;

function* resolveInputs(
  order: RunningOrder,
  due: readonly StageTask[],
  turn: Turn,
): Deciding<ReadonlyMap<StageTask, ResolvedInput>> {
  const conditional = due.flatMap((task) => {
    if (task.status !== 'planned') return [];
    const entry = pluginEntryAt(order, task.place, turn);
    return entry?.when === undefined && entry?.input === undefined ? [] : [{ task, entry }];
  });
  const expressions = conditional.flatMap(({ entry: { when, input } }) => [
    ...(when === undefined ? [] : [when]),
    ...(input === undefined ? [] : [input]),
  ]);
  const answers = [...(yield* evaluate(order.payload, expressions, turn.applied))];
  const resolved = new Map<StageTask, ResolvedInput>();
  for (const { task, entry } of conditional) {
    const when = entry.when === undefined ? { value: true } : answers.shift();
    const input = entry.input === undefined ? undefined : answers.shift();
    if (when === undefined || 'error' in when) resolved.set(task, when);
    else resolved.set(task, when.value === true ? input : 'skipped');
  }
  return resolved;
}

function beginWait(order: RunningOrder, place: number, turn: Turn): StageTask {
  const entry = entryAt(turn.context.workflow, order.stage, place);
  const seconds = entry !== undefined && 'waitSeconds' in entry ? entry.waitSeconds : 0;
  return { status: 'waiting', place, entry: turn.entry, until: turn.at + seconds * 1000 };
}

function attemptFirst(
  order: RunningOrder,
  { place, plugin, mandatory }: PlannedTask,
  taskId: string,
  job: string,
  input: Exclude<ResolvedInput, 'skipped'>,
  turn: Turn,
): StageTask {
  const started = { place, plugin, mandatory, taskId, job, attempt: 0, entry: turn.entry };
  if (input !== undefined && 'error' in input) {
    const error = { code: 'EXPRESSION_FAILED', message: input.error };
    return { ...started, status: 'failed', error };
  }
  const { totalSeconds } = policyFor(order, { place, plugin }, turn);
  const own = input === undefined ? {} : { input: input.value };
  return dispatch(order, { ...started, ...own, giveUpAt: turn.at + totalSeconds * 1000 }, turn);
}

/** The next attempt of a task that failed, unless its time is up by now. */
function attemptAgain(order: RunningOrder, task: BackingOffTask, turn: Turn): StageTask {
  if (task.giveUpAt <= turn.at) return failAttempt(task, task.error, undefined, turn.entry);
  const next = dispatch(order, task, turn);
  return next.status === 'inFlight' && task.entry === turn.entry ? { ...next, atOnce: true } : next;
}

/** The next attempt of a task, counted now. */
function dispatch(
  order: RunningOrder,
  task: Omit<BackingOffTask, 'status' | 'retryAt' | 'error'> & { readonly error?: Failure },
  turn: Turn,
): StageTask {
  const { place, plugin: name, mandatory, taskId, job, input, giveUpAt } = task;
  const plugin = turn.context.plugins.get(name);
  const { timeoutSeconds, retry } = policyFor(order, task, turn);
  const heartbeatMs = plugin?.heartbeatSeconds && plugin.heartbeatSeconds * 1000;
  const inFlight: InFlightTask = {
    status: 'inFlight',
    ...{ place, plugin: name, mandatory, taskId, job, entry: turn.entry, giveUpAt },
    ...(input === undefined ? {} : { input }),
    attempt: task.attempt + 1,
    dispatchedAt: turn.at,
    deadlineAt: Math.min(turn.at + timeoutSeconds * 1000, giveUpAt),
    ...(heartbeatMs === undefined ? {} : { silentAt: turn.at + heartbeatMs }),
  };
  const error = refusalOf(name, plugin, task.error);
  if (error === undefined) return inFlight;
  const attempt = { ...inFlight, orderId: order.orderId, at: turn.at };
  return failAttempt(inFlight, error, retryAt(attempt, { retry: 'policy' }, retry), turn.entry);
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

function policyFor(order: RunningOrder, task: { place: number; plugin: string }, turn: Turn) {
  const entry = pluginEntryAt(order, task.place, turn);
  return policyOf(entry, turn.context.plugins.get(task.plugin));
}

function pluginEntryAt(order: RunningOrder, place: number, turn: Turn): PluginEntry | undefined {
  const entry = entryAt(turn.context.workflow, order.stage, place);
  return entry !== undefined && 'plugin' in entry ? entry : undefined;
}

/**
 * The payload that the next stage gets. A parallel stage in which no task took part hands on what it got; otherwise its
 * result is an object of the results, keyed by plugin.
 */
function* payloadAfter({ stage, payload }: RunningOrder, turn: Turn): Deciding<Json> {
  if (stage.stage !== 'parallel') return payload;
  if (!stage.tasks.some((task) => task.status === 'completed' || task.status === 'failed')) {
    return payload;
  }
  const completed = stage.tasks.filter(
    (task): task is CompletedTask => task.status === 'completed',
  );
  const atHand = completed.every(({ taskId }) => turn.results.has(taskId));
  const earlier = atHand ? undefined : yield* recallHistory();
  const keys = resultKeys(stage);
  return Object.fromEntries(
    completed.map((task) => {
      const recalled = earlier?.jobs[task.job]?.result ?? null;
      const result = turn.results.has(task.taskId) ? turn.results.get(task.taskId) : recalled;
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

function completeOrder(order: RunningOrder, turn: Turn): CompletedOrder {
  const { failedJobs, payload } = order;
  return { status: 'completed', ...identityOf(order, turn), failedJobs, result: payload };
}

function failOrder(order: RunningOrder, task: FailedTask, turn: Turn): FailedOrder {
  const { job, plugin, attempt } = task;
  const error = { ...task.error, task: job, plugin, attempt };
  return { status: 'failed', ...identityOf(order, turn), error };
}

/** What an ended order keeps of the order that it was. */
export function identityOf(
  { orderId, workflow, attributes, acceptedAt, client }: AcceptedOrder | RunningOrder,
  turn: Turn,
) {
  const identity = { orderId, workflow, attributes, acceptedAt };
  const sender = client === undefined ? {} : { client };
  return { ...identity, ...sender, entry: turn.entry, endedAt: turn.at };
}
