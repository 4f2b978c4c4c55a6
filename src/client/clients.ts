import { defined } from '../core/defined.ts';
import { type CallOptions, items, json, postOnce, put, read, remove } from './calls.ts';
import type { Connection } from './connection.ts';
import type { ClientContract, ClientView, NewToken, Token } from './messages.ts';
import * as paths from './paths.ts';

/** `baton.clients`: what clients' orders run when they do not say it themselves, and clients' tokens. */
export class Clients {
  readonly #connection: Connection;

  /** Made by `Baton`. */
  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Stores a client's contract. */
  async put(
    clientId: string,
    contract: ClientContract,
    options: CallOptions = {},
  ): Promise<ClientView> {
    return put(this.#connection, paths.client(clientId), json(contract, 'contract'), options);
  }

  /** A client's contract. @throws {RefusedError} NOT_FOUND */
  async get(clientId: string, options: CallOptions = {}): Promise<ClientView> {
    return read(this.#connection, paths.client(clientId), options);
  }

  /** Makes a token with which the client sends and sees its own orders. It is shown this once. */
  async makeToken(
    clientId: string,
    {
      name,
      expiresInDays,
      ...options
    }: CallOptions & { readonly name?: string; readonly expiresInDays?: number } = {},
  ): Promise<NewToken> {
    const asked = defined({ name, expiresInDays });
    return postOnce(this.#connection, paths.tokens(clientId), asked, 'token', options);
  }

  /** A client's tokens, each by what it begins with. */
  tokens(clientId: string, options: CallOptions = {}): AsyncGenerator<Token, void> {
    return items(this.#connection, paths.tokens(clientId), 'tokens', options);
  }

  /** Revokes the token that begins with this. Within five minutes it is refused. */
  async revokeToken(clientId: string, prefix: string, options: CallOptions = {}): Promise<Token> {
    const path = paths.token(clientId, prefix);
    return remove(this.#connection, path, options);
  }
}
