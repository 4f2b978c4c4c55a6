import type { Instant } from '../core/json.ts';

/** The holder of a token: an operator may do everything, a client only sends and sees its own orders. */
export type TokenHolder =
  /** The name is that of the token: who it was made for. */
  | { readonly kind: 'operator'; readonly name?: string }
  | { readonly kind: 'client'; readonly client: string };

/** A token as it is listed: the token itself is not stored. */
export interface TokenRecord {
  /** The token's first characters. */
  readonly prefix: string;
  readonly createdAt: Instant;
  /** For a client's token, its purpose; for an operator's, the operator's name. */
  readonly name?: string;
  /** From then on it is nobody's. Default: it never ends. */
  readonly expiresAt?: Instant;
}

export interface NewToken extends TokenRecord {
  readonly token: string;
}

/** The tokens of clients and operators. */
export interface Tokens {
  /** Makes a token. Nothing shows it a second time. */
  mint(holder: TokenHolder, about?: Pick<TokenRecord, 'name' | 'expiresAt'>): Promise<NewToken>;
  /** `undefined` for an unknown, revoked or expired token. */
  holderOf(token: string): Promise<TokenHolder | undefined>;
  /** A client's tokens, or those of all operators, whatever their names. */
  list(holder: TokenHolder): Promise<readonly TokenRecord[]>;
  /** Revokes the token with this prefix; `undefined` if the holder has none. */
  revoke(holder: TokenHolder, prefix: string): Promise<TokenRecord | undefined>;
}
