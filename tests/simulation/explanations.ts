import { MAX_RESULT_BYTES } from '../../src/contract/size-limits.ts';
import type { JournalEntry } from '../../src/core/journal-entry.ts';
import { placedEvent } from '../../src/core/journal-entry.ts';
import type { Instant } from '../../src/core/json.ts';
import type { FailedAttempt } from './attempts.ts';
import { hasEndedSo } from './child-orders.ts';
import type { AttemptRecord } from './ledger.ts';
import { attemptKey } from './ledger.ts';
import type { ViolationKind } from './violations.ts';
import type { Aftermath } from './world.ts';

/** A sound takes a moment to be heard, and the clocks of who makes it and of who hears it differ. */
const HEARD_WITHIN_MS = 4000;

/** What ordinary ways take, however quick all is: polls, calls, clocks that differ. */
const ORDINARY_MS = 15_000;

/** A bound for what certainly fits: the value of an expression may be no larger, and an entry several times as large. */
export const FITS_SURELY_BYTES = MAX_RESULT_BYTES;

/**
 * Holds a failed attempt against what really happened to it.
 * @returns what is wrong about the failure: nothing if it is the plugin's own, or the world's.
 */
export function explain(
  failure: FailedAttempt,
  journal: readonly JournalEntry[],
  aftermath: Aftermath,
): [ViolationKind, string] | undefined {
  const { orderId, job, attempt, plugin, error } = failure;
  const { ledger, scenario, journals } = aftermath;
  const record = ledger.knows(orderId, job, attempt);
  const what = `${job}, attempt ${attempt}`;
  const begun = record?.begunAt.length ?? 0;
  const slice = journals.get(`${orderId}~${failure.taskId}`);
  if (slice !== undefined && placedEvent(slice).slice !== undefined) {
    const isSo = hasEndedSo(slice, 'failed') || hasEndedSo(slice, 'cancelled');
    return isSo ? undefined : ['children', `${what}: its slice is done`];
  }
  switch (error?.code ?? 'unsaid') {
    case 'BROKEN':
    case 'RETRY_LATER':
    case 'RESULT_NOT_JSON':
      return (record?.failed ?? 0) > 0
        ? undefined
        : ['unexplained failure', `${what}: ${error?.code}, but its plugin did nothing wrong`];
    case 'LAMBDA_TIMEOUT': {
      const isSlow = (record?.failed ?? 0) > 0 || begun > 0;
      return isSlow ? undefined : ['unexplained failure', `${what}: ${error?.code}`];
    }
    case 'DEAD_LETTERED':
      if ((record?.killed ?? 0) > 0 || (record?.diedAlone ?? 0) > 0) return undefined;
      // To its queue, whoever says nothing has died.
      if ((record?.unheard ?? 0) > 0) return undefined;
      if (failure.isGivenBack || diedAsItBegan(failure, journal, record)) return undefined;
      if (begun === 0) return ['never ran, charged', `${what}: its plugin never began`];
      return ['innocent charged', `${what}: its plugin began ${begun} times, and never died of it`];
    case 'HEARTBEAT_MISSED':
      return explainSilence(failure, journal, aftermath);
    case 'RESULT_TOO_LARGE': {
      const behaviour = scenario.behaviours[plugin];
      if (behaviour !== undefined && behaviour.padding > MAX_RESULT_BYTES) return undefined;
      const bytes = bytesWith(failure, journal, aftermath);
      return bytes > FITS_SURELY_BYTES
        ? undefined
        : ['fits, refused', `${what}: ${bytes} bytes in all: ${error?.message}`];
    }
    case 'INPUT_TOO_LARGE':
    case 'HISTORY_TOO_LARGE':
      return bytesOf(journal) > FITS_SURELY_BYTES
        ? undefined
        : ['fits, refused', `${what}: ${error?.message}`];
    case 'CHILD_FAILED':
      return hasEndedSo(childOf(failure, journals), 'failed')
        ? undefined
        : ['children', `${what}: its child order has not failed`];
    case 'CHILD_CANCELLED': {
      const child = childOf(failure, journals);
      return child === undefined || hasEndedSo(child, 'cancelled')
        ? undefined
        : ['children', `${what}: its child order was not cancelled`];
    }
    case 'CHILD_NOT_UNDONE': {
      const isOf = (id: string) => id.startsWith(`${orderId}~`);
      const hasFailed = [...journals].some(([id, one]) => isOf(id) && hasEndedSo(one, 'failed'));
      return hasFailed ? undefined : ['children', `${what}: no child order has failed`];
    }
    case 'CHILD_GOES_ON':
    // Whether an event had come in time, tests/simulation/awaited-events.ts says.
    case 'EVENT_TIMEOUT':
      return undefined;
    case 'TASK_CANCELLED':
      return wasCancelled(failure, journal)
        ? undefined
        : ['unexplained failure', `${what}: nobody has cancelled it`];
    case 'UNKNOWN_WORKFLOW':
      return scenario.children.some(({ name }) => name === plugin)
        ? ['children', `${what}: ${error?.message}`]
        : undefined;
    case 'PLUGIN_NOT_REGISTERED':
      return ['unexplained failure', `${what}: ${error?.message}`];
    case 'TASK_TIMED_OUT':
    case 'unsaid':
      return explainTimeout(failure, journal, aftermath);
  }
  return ['unexplained failure', `${what}: ${error?.code} ${error?.message}`];
}

function wasCancelled({ job, entry }: FailedAttempt, journal: readonly JournalEntry[]): boolean {
  return journal
    .slice(0, entry.number + 1)
    .some(({ events }) =>
      events.some((event) => event.type === 'TaskCancelRequested' && event.job === job),
    );
}

function childOf({ orderId, taskId, attempt }: FailedAttempt, journals: Aftermath['journals']) {
  const id = `${orderId}~${taskId}`;
  return journals.get(attempt === 1 ? id : `${id}~${attempt}`);
}

/** An attempt may run out of time when it worked for so long, or something held it up for so long, and for no other reason. */
function explainTimeout(
  failure: FailedAttempt,
  journal: readonly JournalEntry[],
  { ledger, scenario }: Aftermath,
): [ViolationKind, string] | undefined {
  const { orderId, job, attempt, plugin, dispatchedAt, deadlineAt, failedAt, pausedMs } = failure;
  const record = ledger.knows(orderId, job, attempt);
  if ((record?.failed ?? 0) > 0 || (record?.killed ?? 0) > 0) return undefined;
  const until = Math.min(deadlineAt, failedAt);
  const [, longestWork] = scenario.behaviours[plugin]?.workMs ?? [0, 0];
  const heldUpMs = ledger.heldUpMs(
    orderId,
    dispatchedAt - 1000,
    until,
    attemptKey(orderId, job, attempt),
  );
  const waitsMs = record?.waitsMs ?? 0;
  const accountedMs = heldUpMs + longestWork + waitsMs + pausedMs + ORDINARY_MS;
  const lastedMs = until - dispatchedAt;
  if (lastedMs <= accountedMs) return undefined;
  const begun = record?.begunAt.length ?? 0;
  const seconds = (ms: number) => Math.round(ms / 1000);
  const [by, next] = journal
    .slice(failure.dispatchedIn, failure.dispatchedIn + 2)
    .map(({ events }) => events.map(nameOf).join(' and '));
  const times = `after ${seconds(lastedMs)} s; it was held up for ${seconds(heldUpMs)} s and begun ${begun} times`;
  const entries = `entry ${failure.dispatchedIn} dispatched it, which took ${by}; the next took ${next}`;
  return ['lost command', `${job}, attempt ${attempt}, ran out of time ${times}; ${entries}`];
}

/** Whether the plugin said that it begins the attempt, and never did: its process ended in between, with nothing else under way. */
function diedAsItBegan(
  { taskId, attempt, entry }: FailedAttempt,
  journal: readonly JournalEntry[],
  record: AttemptRecord | undefined,
): boolean {
  const lastBegun = Math.max(0, ...(record?.begunAt ?? []), ...(record?.beatsAt ?? []));
  return journal
    .slice(0, entry.number)
    .flatMap(({ events }) => events)
    .some(
      (event) =>
        event.type === 'TaskHeartbeat' &&
        event.taskId === taskId &&
        event.attempt === attempt &&
        event.sentAt > lastBegun + HEARD_WITHIN_MS,
    );
}

function nameOf(event: JournalEntry['events'][number]): string {
  if ('taskId' in event) return `${event.type} of ${event.taskId}`;
  return event.type === 'DeadlinePassed' && event.armedFor === undefined ? 'a sweep' : event.type;
}

function explainSilence(
  failure: FailedAttempt,
  journal: readonly JournalEntry[],
  { ledger, scenario }: Aftermath,
): [ViolationKind, string] | undefined {
  const { orderId, taskId, job, attempt, failedAt, plugin, entry } = failure;
  const record = ledger.knows(orderId, job, attempt);
  const what = `${job}, attempt ${attempt}`;
  if ((record?.killed ?? 0) > 0 || (record?.failed ?? 0) > 0) return undefined;
  const settings = scenario.plugins.find(({ definition }) => definition.name === plugin);
  const silenceMs = (settings?.definition.heartbeatSeconds ?? 0) * 1000;
  // The SDK beats before the work begins; its process may die in between, as silently as later.
  const heard = journal
    .slice(0, entry.number)
    .flatMap(({ events }) => events)
    .filter((event) => event.type === 'TaskHeartbeat')
    .filter((event) => event.taskId === taskId)
    // A message may lie in the queue for a while: the core counts from when it was sent.
    .map(({ sentAt }) => sentAt);
  const sounds = [
    ...begunBeforeDeferral(failure, journal, record),
    ...(record?.beatsAt ?? []),
    ...heard,
  ].filter((at) => at <= failedAt + 2000);
  if (sounds.length === 0) return ['unfair heartbeat', `${what}: its plugin had not begun`];
  // What was sent at the last moment was not heard by then, and undoes no silence before it.
  const ends = [failedAt, ...sounds.filter((at) => at > failedAt - HEARD_WITHIN_MS)];
  const silences = ends.map((end) => {
    const before = sounds.filter((at) => at < end);
    if (before.length === 0) return 0;
    const last = Math.max(...before);
    const attemptOf = attemptKey(orderId, job, attempt);
    return end - last + ledger.heldUpMs(orderId, last - 10_000, end, attemptOf);
  });
  const longestMs = Math.max(...silences);
  // The SDK sends a beat at most every third of the silence that is allowed.
  if (longestMs + silenceMs / 3 + HEARD_WITHIN_MS >= silenceMs) return undefined;
  return ['unfair heartbeat', `${what}: it was silent for ${Math.round(longestMs)} ms`];
}

/** Once an attempt is deferred, only whoever holds its token is heard: a second delivery that begins it is not. */
function begunBeforeDeferral(
  { taskId, attempt }: FailedAttempt,
  journal: readonly JournalEntry[],
  record: AttemptRecord | undefined,
): readonly Instant[] {
  const deferral = journal
    .flatMap(({ events }) => events)
    .filter((event) => event.type === 'TaskDeferred')
    .find((event) => event.taskId === taskId && event.attempt === attempt);
  const until = deferral?.sentAt ?? Infinity;
  return (record?.begunAt ?? []).filter((at) => at <= until);
}

/** What an entry that takes the result has to hold: the result, and what the stage has come to with it. */
function bytesWith(
  { job, entry }: FailedAttempt,
  journal: readonly JournalEntry[],
  { scenario }: Aftermath,
): number {
  const before = journal[entry.number - 1];
  const plugin = job.replace(/#.*/, '');
  const own = scenario.behaviours[plugin]?.padding ?? 0;
  const stageOf = ({ state }: JournalEntry) =>
    'stage' in state ? `${state.stage.activity} ${state.stage.stage}` : 'none';
  const isOfStage = (one: JournalEntry) => before !== undefined && stageOf(one) === stageOf(before);
  const ofStage = journal
    .filter((one) => isOfStage(one) && one.number < entry.number)
    .flatMap(({ events }) => events)
    .reduce((sum, event) => sum + (event.type === 'TaskCompleted' ? size(event.result) : 0), 0);
  return 2 * own + ofStage + size(before?.state);
}

function bytesOf(journal: readonly JournalEntry[]): number {
  return journal.reduce((sum, { events, state }) => sum + size(events) + size(state), 0);
}

const size = (value: unknown): number => JSON.stringify(value ?? null).length;
