import { defined } from './defined.ts';
import type { EntryDraft } from './entry-draft.ts';
import { backingOffOrFailed, isSent, policyFor, undoTraits } from './failed-attempt.ts';
import type { Failure } from './failure.ts';
import { millisecondsOf } from './json.ts';
import type { StagedOrder } from './order.ts';
import { heldBack } from './parking.ts';
import { LOOK_AFTER_MS } from './pausing.ts';
import type { Plugin } from './plugin.ts';
import type { HeldPlugin } from './quarantine.ts';
import { isByHand } from './quarantine.ts';
import { retryAt } from './retry.ts';
import { hasOpenSession } from './sessions.ts';
import { taskStepAt } from './stage.ts';
import { placeOf } from './stage-tasks.ts';
import type { StepInput } from './step-expressions.ts';
import type {
  BackingOffTask,
  HeldTask,
  InFlightTask,
  ParkedTask,
  PlannedTask,
  StageTask,
} from './task.ts';
import { isHeld, isPlugins } from './task.ts';

/** A planned task with its first attempt in flight, or failed where its expressions did or its plugin cannot take it. */
export function firstAttempt(
  order: StagedOrder,
  task: PlannedTask,
  { taskId, job }: { readonly taskId: string; readonly job: string },
  input: StepInput | undefined,
  draft: EntryDraft,
): StageTask {
  const { again, undoes, undoneChild, each } = task;
  const { attempt = 0, mayHaveWorked } = again ?? {};
  const compensates = (undoes === undefined && canBeUndone(order, task, draft)) || undefined;
  const names = { ...placeOf(task), taskId, job, attempt, entry: draft.entry };
  const undo = defined({ undoes, undoneChild, compensates, mayHaveWorked });
  const started = { ...names, ...undo };
  if (input !== undefined && 'error' in input) {
    return {
      ...{ ...started, ...defined({ each }) },
      status: 'failed',
      error: { code: 'EXPRESSION_FAILED', message: input.error },
    };
  }
  const { totalSeconds } = policyFor(order, task, draft);
  const giveUpAt = draft.at + millisecondsOf(totalSeconds);
  // Attempts that it had before it was begun again do not count.
  const givenBack = attempt === 0 ? undefined : attempt;
  const own = again?.input === undefined ? input?.value : again.input;
  const kept = defined({ input: own, givenBack });
  return nextAttempt(order, { ...started, ...kept, giveUpAt }, draft);
}

/** Whether a child order can be undone is its own matter, once it is asked to; a slice can if its elements can. */
function canBeUndone(
  { stage }: StagedOrder,
  { plugin, byOrder, awaits, slice, step }: PlannedTask,
  { context: { workflow, plugins } }: EntryDraft,
): boolean {
  if (awaits) return false;
  const performer = slice ? taskStepAt(workflow, stage, step) : undefined;
  if (performer !== undefined && 'waitFor' in performer) return false;
  if (byOrder && (performer === undefined || 'workflow' in performer)) return true;
  return plugins.get(plugin)?.compensates === true;
}

/** A task that backed off, with its next attempt in flight, unless its time is up by now. */
export function retriedAttempt(
  order: StagedOrder,
  task: BackingOffTask,
  draft: EntryDraft,
): StageTask {
  if (task.giveUpAt <= draft.at) {
    return backingOffOrFailed(task, task.error, undefined, draft.entry);
  }
  return nextAttempt(order, task, draft);
}

/**
 * A task that was parked, with its next attempt in flight; or parked still, if its plugin is held back: its clocks stopped when it was.
 * A release that is older than a person's wish to hold the plugin back counts no more: the task is listed as parked once more.
 */
export function unparkedAttempt(
  order: StagedOrder,
  task: ParkedTask,
  draft: EntryDraft,
): StageTask {
  const { released, parkedAt, giveUpAt } = task;
  const held = heldBack(draft.context.plugins.get(task.plugin));
  if (isHeld(task) && held !== undefined && (released === undefined || isByHand(held))) {
    const { released: _, ...parked } = task;
    return { ...parked, entry: draft.entry, quarantine: aboutOf(held) };
  }
  const going = { ...task, giveUpAt: giveUpAt + Math.max(0, draft.at - parkedAt) };
  if (released !== 'turn') return nextAttempt(order, going, draft, released);
  return nextAttempt(order, { ...going, turn: task.entry }, draft);
}

/** A task that is to be attempted, whatever status it had. */
type Attempted = Omit<BackingOffTask, 'status' | 'retryAt' | 'error'> & {
  readonly error?: Failure;
};

/** The task with its next attempt, which is counted now; parked, if its plugin is held back and the task is not let through. */
function nextAttempt(
  order: StagedOrder,
  task: Attempted,
  draft: EntryDraft,
  released?: HeldTask['released'],
): StageTask {
  const { plugin: name, taskId, job, input, giveUpAt } = task;
  const { givenBack, waitedMs, undoes, turn } = task;
  const { timeoutSeconds, retry } = policyFor(order, task, draft);
  const timeoutMs = Math.max(millisecondsOf(timeoutSeconds), 2 * (waitedMs ?? 0));
  const inFlight: InFlightTask = {
    status: 'inFlight',
    ...{ ...placeOf(task), taskId, job, entry: draft.entry, giveUpAt },
    ...{ ...defined({ input, givenBack, turn }), ...undoTraits(task) },
    attempt: task.attempt + 1,
    dispatchedAt: draft.at,
    deadlineAt: Math.min(draft.at + timeoutMs, giveUpAt),
    ...(released === 'canary' && { canary: true, ...defined({ heldSince: task.heldSince }) }),
  };
  if (!isPlugins(task)) return inFlight;
  const hasHadIt = undoes !== undefined || (task.error !== undefined && isSent(task.error));
  const plugin = draft.context.plugins.get(name);
  const mayHaveIt = hasHadIt || (plugin !== undefined && hasOpenSession(order, plugin));
  const error = refusalOf(name, plugin, mayHaveIt);
  const held = released === undefined ? holdsBack(plugin, mayHaveIt) : undefined;
  if (error === undefined) return held === undefined ? inFlight : parked(task, held, draft);
  const failed = { ...inFlight, orderId: order.orderId, at: draft.at };
  const again = retryAt(failed, { retry: 'policy' }, retry);
  return backingOffOrFailed(inFlight, error, again, draft.entry);
}

/** A plugin that drains finishes what it has had, and its open sessions. */
function holdsBack(plugin: Plugin | undefined, mayHaveIt: boolean): HeldPlugin | undefined {
  const held = heldBack(plugin);
  return held?.phase === 'draining' && mayHaveIt ? undefined : held;
}

function parked(task: Attempted, held: HeldPlugin, { at, entry }: EntryDraft): HeldTask {
  const { taskId, job, attempt, input, giveUpAt } = task;
  const { givenBack, waitedMs, error, heldSince = at } = task;
  return {
    status: 'parked',
    ...{ ...placeOf(task), taskId, job, attempt, entry, giveUpAt },
    ...{ ...defined({ input, givenBack, waitedMs, error }), ...undoTraits(task) },
    ...{ parkedAt: at, heldSince, lookAt: at + LOOK_AFTER_MS, quarantine: aboutOf(held) },
  };
}

function aboutOf({ phase, since, reason }: HeldPlugin): HeldTask['quarantine'] {
  return { since, reason, ...(phase === 'draining' && { drains: true }) };
}

/**
 * Why an attempt cannot be sent, if so. A plugin that retires still gets a task again that it has had, undoes what it has done, and
 * finishes its open sessions.
 */
function refusalOf(
  name: string,
  plugin: Plugin | undefined,
  mayHaveIt: boolean,
): Failure | undefined {
  if (plugin === undefined) {
    const message = `no plugin is registered under the name ${name}`;
    return { code: 'PLUGIN_NOT_REGISTERED', message };
  }
  if (plugin.draining !== true || mayHaveIt) return undefined;
  return { code: 'PLUGIN_DRAINING', message: `the plugin ${name} retires and takes nothing new` };
}
