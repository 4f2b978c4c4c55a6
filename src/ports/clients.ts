import type { ClientContract } from '../contract/order-request.ts';

/** Clients' contracts. */
export interface Clients {
  get(clientId: string): Promise<ClientContract | undefined>;
  put(clientId: string, contract: ClientContract): Promise<void>;
}
