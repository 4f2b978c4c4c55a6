import { Problem } from '../../contract/problem.ts';
import { isInFlight } from '../../core/stage-tasks.ts';
import type { Journal } from '../../ports/journal.ts';
import type { MasterSecret } from '../../ports/master-secret.ts';
import type { TokenRequest } from '../http/api-request.ts';
import { claimOf } from './task-claim.ts';

export interface TaskPorts {
  readonly journal: Pick<Journal, 'latest'>;
  readonly masterSecret: MasterSecret;
}

/**
 * Says whether an attempt is still awaited, to a plugin that asks before it begins. The token in the path is the authority: it is
 * signed with the plugin's own key, and speaks of one attempt of one task only.
 * @throws {Problem} NOT_FOUND for a token that no plugin's key has signed
 */
export async function showTask(request: TokenRequest, ports: TaskPorts) {
  const claim = await claimOf(request, ports);
  // Whoever has no genuine token does not learn which orders there are.
  if (claim === undefined) throw new Problem('NOT_FOUND', 'this is no token of a task');
  const entry = await ports.journal.latest(claim.orderId);
  return { status: 200, body: { open: entry !== undefined && isInFlight(entry.state, claim) } };
}
