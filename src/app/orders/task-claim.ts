import type { TaskClaim } from '../../contract/task-token.ts';
import { readToken } from '../../contract/task-token.ts';
import type { MasterSecret } from '../../ports/master-secret.ts';
import type { TokenRequest } from '../http/api-request.ts';
import { keysOf } from './keys-of.ts';

/** What the token in the path vouches for; `undefined` where no plugin's key has signed it. */
export async function claimOf(
  { params }: TokenRequest,
  { masterSecret }: { readonly masterSecret: MasterSecret },
): Promise<TaskClaim | undefined> {
  const secrets = await masterSecret.read();
  return readToken(params.token ?? '', (plugin) => keysOf(secrets, plugin));
}
