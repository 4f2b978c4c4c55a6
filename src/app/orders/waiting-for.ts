import type { AwaitingTask } from '../../core/awaiting.ts';
import { awaitedBy, isAwaiting } from '../../core/awaiting.ts';
import { childOf } from '../../core/child-orders.ts';
import { isDeferred } from '../../core/deferring.ts';
import type { Instant } from '../../core/json.ts';
import type { OrderState, StagedOrder } from '../../core/order.ts';
import { hasEnded } from '../../core/order.ts';
import type { StageTask, WaitingTask } from '../../core/task.ts';
import { awaitsTurn } from '../../core/task.ts';
import { WAIT } from '../../core/waiting.ts';
import { iso } from '../http/iso.ts';

/** What an order waits for, in words, and the instant by which it goes on at the latest, where there is one. */
export interface WaitingFor {
  readonly what: string;
  readonly until?: Instant;
  /** What a wait is called where it is cancelled. */
  readonly job?: string;
}

/** `undefined` for an order that has ended. */
export function waitingFor(state: OrderState): WaitingFor | undefined {
  if (hasEnded(state)) return undefined;
  switch (state.status) {
    case 'accepted':
      return { what: 'its start', until: state.wakeUp.at };
    case 'paused':
      return { what: 'someone who resumes, retries or cancels it' };
    case 'running':
    case 'waiting':
    case 'compensating':
      return nearest(state);
  }
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
      const from = `${drains ? 'which drains' : 'in quarantine'} since ${iso(since)}`;
      return { what: `${task.plugin}, ${from}: ${reason}` };
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
