import type { PluginFact } from '../core/command.ts';
import type { Instant } from '../core/json.ts';
import type { TokenHolder } from './tokens.ts';

/** A token was made or revoked; the token itself is in no fact. */
export interface TokenFact {
  readonly type: 'token.minted' | 'token.revoked';
  readonly kind: TokenHolder['kind'];
  readonly client?: string;
  /** For a client's token, its purpose; for an operator's, the operator's name. */
  readonly name?: string;
  /** The token's first characters. */
  readonly prefix: string;
  readonly expiresAt?: Instant;
  /** Who asked for it. */
  readonly by: string;
}

/** Publishes facts about plugins and tokens to the lifecycle topic's subscribers. Facts about orders are sent by the `Messenger`. */
export interface Lifecycle {
  publish(fact: PluginFact | TokenFact): Promise<void>;
}
