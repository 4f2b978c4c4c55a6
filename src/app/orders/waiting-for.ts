import type { AwaitingTask } from '../../core/awaiting.ts';
import { awaitedBy, isAwaiting } from '../../core/awaiting.ts';
import { childOf } from '../../core/child-orders.ts';
import { isDeferred } from '../../core/deferring.ts';
import type { PauseRequested } from '../../core/event.ts';
import type { Instant } from '../../core/json.ts';
import type { OrderState, PausedOrder, StagedOrder } from '../../core/order.ts';
import { hasEnded } from '../../core/order.ts';
import type { StageTask, WaitingTask } from '../../core/task.ts';
import { awaitsTurn } from '../../core/task.ts';
import { WAIT } from '../../core/waiting.ts';
import { failureOf } from '../../ports/order-filter.ts';

/** What an order waits for, in words, and the instant by which it goes on at the latest, where there is one. */
export interface WaitingFor {
  readonly what: string;
  readonly until?: Instant;
  /** Since when it is paused, or its plugin held back. */
  readonly since?: Instant;
  /** Of a paused order: the job that has failed, which a retry begins again. */
  readonly task?: string;
  /** Of a paused order: why that has failed, or who has paused it and why. */
  readonly why?: string;
  /** What a wait is called where it is cancelled. */
  readonly job?: string;
}

/** @param pause what paused the order, if somebody did @returns `undefined` for an order that has ended */
export function waitingFor(
  state: OrderState,
  pause?: Pick<PauseRequested, 'actor' | 'reason'>,
): WaitingFor | undefined {
  if (hasEnded(state)) return undefined;
  switch (state.status) {
    case 'accepted':
      return { what: 'its start', until: state.wakeUp.at };
    case 'paused':
      return pausedFor(state, pause);
    case 'running':
    case 'waiting':
    case 'compensating':
      return nearest(state);
  }
}

function pausedFor(
  state: PausedOrder,
  pause: Pick<PauseRequested, 'actor' | 'reason'> | undefined,
): WaitingFor {
  const failure = failureOf(state);
  const since = state.pausedAt;
  if (failure !== undefined) {
    const { task, code, message } = failure;
    const why = `${task} failed: ${message} (${code})`;
    return { what: 'someone who resumes, retries or cancels it', since, task, why };
  }
  const what = 'someone who resumes or cancels it';
  if (pause === undefined) return { what, since };
  const { actor, reason } = pause;
  return { what, since, why: `paused by ${actor}${reason === undefined ? '' : `: ${reason}`}` };
}

/** The task that is due first. */
function nearest(state: StagedOrder): WaitingFor | undefined {
  const waits = state.stage.tasks
    .map((task) => waitOf(task, state))
    .filter((wait) => wait !== undefined);
  return waits.toSorted((a, b) => (a.until ?? 0) - (b.until ?? 0))[0];
}

function waitOf(task: StageTask, state: StagedOrder): WaitingFor | undefined {
  switch (task.status) {
    case 'inFlight': {
      if (isAwaiting(task)) return { what: eventIn(task), until: task.deadlineAt };
      // Its deadline is only when somebody looks after it.
      if (task.byOrder) return { what: `order ${childOf(state, task)}`, until: task.giveUpAt };
      const from = isDeferred(task) ? 'the callback for' : 'the answer of';
      return { what: `${from} ${task.job}, attempt ${task.attempt}`, until: task.deadlineAt };
    }
    case 'backingOff':
      return {
        what: `the next attempt of ${task.job}, after ${task.error.code}`,
        until: task.retryAt,
      };
    case 'parked': {
      if (awaitsTurn(task)) return { what: turnOf(task) };
      const { since, reason, drains } = task.quarantine;
      return {
        what: `${task.plugin}, ${drains ? 'which drains' : 'in quarantine'}: ${reason}`,
        since,
      };
    }
    case 'waiting':
      return { what: 'the end of a wait', until: task.until, job: WAIT };
    case 'planned':
    case 'plannedWait':
    case 'plannedChoice':
    case 'chosen':
    case 'plannedRepeat':
    case 'repeatDecided':
    case 'completed':
    case 'failed':
    case 'skipped':
    case 'calledOff':
    case 'waited':
      return undefined;
  }
}

/** Its client has so many tasks there. */
function turnOf({ job, plugin, awaitsTurn: most }: WaitingTask): string {
  const tasks = most === 1 ? 'a task' : `${most} tasks`;
  return `the turn of ${job}: its client has ${tasks} at ${plugin} already`;
}

function eventIn(task: AwaitingTask): string {
  const { eventType, key } = awaitedBy(task);
  return `the event ${eventType}${key === undefined ? '' : ` under the key ${key}`}`;
}
