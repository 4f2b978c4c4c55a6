import type { Instant } from '../core/json.ts';

/** Who holds a token: an operator, who may do everything, or a client, who sees to its own orders. */
export type TokenHolder =
  | { readonly kind: 'operator' }
  | { readonly kind: 'client'; readonly client: string };

/** What is known of a token once it has been handed out. */
export interface TokenRecord {
  /** What the token begins with. */
  readonly prefix: string;
  readonly createdAt: Instant;
  /** What it is for, or an operator's name. */
  readonly name?: string;
}

export interface NewToken extends TokenRecord {
  readonly token: string;
}

/** The tokens of clients and operators. */
export interface Tokens {
  /** Makes a token, and hands it out this once. */
  mint(holder: TokenHolder, name?: string): Promise<NewToken>;
  /** `undefined` for what is no token, or is one no more. */
  holderOf(token: string): Promise<TokenHolder | undefined>;
  /** A client's tokens, or those of all operators. */
  list(holder: TokenHolder): Promise<readonly TokenRecord[]>;
  /** `undefined` when the holder has no such token. */
  revoke(holder: TokenHolder, prefix: string): Promise<TokenRecord | undefined>;
}
