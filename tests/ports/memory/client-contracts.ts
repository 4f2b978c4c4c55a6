import type { ClientContract } from '../../../src/contract/order-request.ts';
import type { Clients } from '../../../src/ports/clients.ts';

export function createMemoryClientContracts(): Clients {
  const contracts = new Map<string, ClientContract>();

  return {
    async get(clientId) {
      return contracts.get(clientId);
    },

    async put(clientId, contract) {
      contracts.set(clientId, contract);
    },
  };
}
