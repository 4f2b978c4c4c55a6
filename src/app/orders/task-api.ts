import { Problem } from '../../contract/problem.ts';
import type { TaskClaim } from '../../contract/task-token.ts';
import type { OrderState } from '../../core/order.ts';
import { hasEnded } from '../../core/order.ts';
import { openTask } from '../../core/stage-tasks.ts';
import type { Journal } from '../../ports/journal.ts';
import type { MasterSecret } from '../../ports/master-secret.ts';
import type { TokenRequest } from '../http/api-request.ts';
import { claimOf } from './task-claim.ts';

export interface TaskPorts {
  readonly journal: Pick<Journal, 'latest'>;
  readonly masterSecret: MasterSecret;
}

/**
 * Says whether an attempt is still awaited, to a plugin that asks before it begins; if it is not, what has become of its task. The token in
 * the path is the authority: it is signed with the plugin's own key, and speaks of one attempt of one task only.
 * @throws {Problem} NOT_FOUND for a token that no plugin's key has signed
 */
export async function showTask(request: TokenRequest, ports: TaskPorts) {
  const claim = await claimOf(request, ports);
  // Whoever has no genuine token does not learn which orders there are.
  if (claim === undefined) throw new Problem('NOT_FOUND', 'this is no token of a task');
  const entry = await ports.journal.latest(claim.orderId);
  return {
    status: 200,
    body: entry === undefined ? { open: false } : standingOf(entry.state, claim),
  };
}

/** A later attempt may be under way in the place of this one, or be due. Of one that somebody else finishes, nothing is left to begin. */
function standingOf(state: OrderState, claim: TaskClaim) {
  const isRunning = !hasEnded(state) && state.status !== 'accepted';
  const task = isRunning ? openTask(state, claim.taskId) : undefined;
  if (task === undefined || task.plugin !== claim.plugin) return { open: false };
  if (task.status === 'backingOff') {
    // Nobody waits behind an order that stands still.
    return state.status === 'paused' ? { open: false } : { open: false, againAt: task.retryAt };
  }
  if (task.status === 'parked' || task.attempt < claim.attempt) return { open: false };
  const { attempt, deadlineAt, deferredAt } = task;
  const isDeferred = deferredAt !== undefined;
  if (attempt === claim.attempt) return { open: true, ...(isDeferred && { deferred: true }) };
  return isDeferred ? { open: false } : { open: false, instead: { attempt, deadlineAt } };
}
