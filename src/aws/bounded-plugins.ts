import type { BoundedPlugins } from '../ports/bounded-plugins.ts';
import type { Table } from './table.ts';

const PARTITION = 'bounded-plugins';

/** `pk = bounded-plugins`, `sk = <plugin>`. */
export function createBoundedPlugins(table: Table): BoundedPlugins {
  return {
    async add(plugin) {
      await table.put({ pk: PARTITION, sk: plugin });
    },

    async remove(plugin) {
      await table.delete({ pk: PARTITION, sk: plugin });
    },

    async list() {
      const plugins: string[] = [];
      for await (const page of table.pages({ partition: ['pk', PARTITION], consistent: true })) {
        plugins.push(...page.map(({ sk }) => String(sk)));
      }
      return plugins;
    },
  };
}
