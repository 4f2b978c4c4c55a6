import { defined } from '../../core/defined.ts';
import type { Lifecycle, TokenFact } from '../../ports/lifecycle.ts';
import type { TokenHolder, TokenRecord } from '../../ports/tokens.ts';
import { logger } from '../logger.ts';

/**
 * Leaves a line in the log and a fact for the lifecycle topic's subscribers: whoever holds a token can do what its holder may. A fact that
 * cannot be published takes nothing back, since the token is made or revoked already.
 * @param by who asked for it: an operator's name, or the request of whoever may invoke the function
 */
export async function tellOfToken(
  type: TokenFact['type'],
  holder: TokenHolder,
  { prefix, name, expiresAt }: TokenRecord,
  by: string,
  lifecycle: Lifecycle,
): Promise<void> {
  const { kind } = holder;
  const client = kind === 'client' ? holder.client : undefined;
  const fact: TokenFact = { type, kind, prefix, by, ...defined({ client, name, expiresAt }) };
  logger.info(type, { ...fact });
  try {
    await lifecycle.publish(fact);
  } catch (error) {
    logger.error('a fact was not published', { type, error: error as Error });
  }
}

/** As `by` names an operator who calls the API. */
export function operatorName(caller: TokenHolder): string {
  return caller.kind === 'operator' ? (caller.name ?? 'an operator') : caller.client;
}
