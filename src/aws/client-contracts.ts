import type { ClientContract } from '../contract/order-request.ts';
import type { Clients } from '../ports/clients.ts';
import type { Table } from './table.ts';

const PARTITION = 'clients';

/** `pk = clients`, `sk = <client>`. */
export function createClientContracts(table: Table): Clients {
  return {
    async get(clientId) {
      const item = await table.get({ pk: PARTITION, sk: clientId });
      return item && (JSON.parse(String(item.contract)) as ClientContract);
    },

    async put(clientId, contract) {
      await table.put({ pk: PARTITION, sk: clientId, contract: JSON.stringify(contract) });
    },
  };
}
