import type { SweepRecord } from '../ports/sweep-record.ts';
import type { Table } from './table.ts';

const KEY = { pk: 'sweep', sk: 'waking' };

export function createSweepRecord(table: Table): SweepRecord {
  return {
    async read() {
      const item = await table.get(KEY);
      if (item === undefined) return undefined;
      const orderIds = JSON.parse(String(item.orderIds)) as readonly string[];
      return { orderIds, deaths: Number(item.deaths) };
    },

    async write({ orderIds, deaths }) {
      await table.put({ ...KEY, orderIds: JSON.stringify(orderIds), deaths });
    },

    async clear() {
      await table.delete(KEY);
    },
  };
}
