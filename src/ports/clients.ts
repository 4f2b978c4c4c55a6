import type { ClientContract } from '../contract/order-request.ts';

/** The clients' contracts, by client id. */
export interface Clients {
  /** `undefined` for an unknown client. */
  get(clientId: string): Promise<ClientContract | undefined>;
  /** Replaces the client's contract, if it has one. */
  put(clientId: string, contract: ClientContract): Promise<void>;
}
