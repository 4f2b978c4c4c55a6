import type { Drain, Drains } from '../ports/drains.ts';
import type { Table } from './table.ts';

const PARTITION = 'drains';

/** `pk = drains`, `sk = <plugin>`. */
export function createDrains(table: Table): Drains {
  return {
    async list() {
      const drains: Drain[] = [];
      const query = { partition: ['pk', PARTITION] as const, consistent: true };
      for await (const page of table.pages(query)) {
        drains.push(...page.map(({ drain }) => JSON.parse(String(drain)) as Drain));
      }
      return drains;
    },

    async put(drain) {
      await table.put({ pk: PARTITION, sk: drain.plugin, drain: JSON.stringify(drain) });
    },

    async remove(plugin) {
      await table.delete({ pk: PARTITION, sk: plugin });
    },
  };
}
