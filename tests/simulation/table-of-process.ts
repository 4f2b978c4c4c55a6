import type { Table } from '../../src/aws/table.ts';
import { defined } from '../../src/core/defined.ts';
import type { MemoryTable } from './memory-table.ts';
import type { Process } from './processes.ts';

/** The table as one process reaches it: each request is a call over the network. */
export function tableOf(process: Process, table: MemoryTable): Table {
  return {
    get: (key) =>
      process.call({ service: 'table', what: `get ${key.pk} ${key.sk}` }, () =>
        table.get(key, process.now()),
      ),
    put: (item, condition) =>
      process.call({ service: 'table', what: `put ${item.pk} ${item.sk}` }, () =>
        table.put(item, condition, process.now()),
      ),
    set: (key, attributes, condition) =>
      process.call({ service: 'table', what: `set ${key.pk} ${key.sk}` }, () =>
        table.set(key, attributes, condition, process.now()),
      ),
    add: (key, amounts, attributes) =>
      process.call({ service: 'table', what: `add ${key.pk} ${key.sk}` }, () =>
        table.add(key, amounts, attributes),
      ),
    change: (key, change, condition) =>
      process.call({ service: 'table', what: `change ${key.pk} ${key.sk}` }, () =>
        table.change(key, change, condition, process.now()),
      ),
    delete: (key, condition) =>
      process.call({ service: 'table', what: `delete ${key.pk} ${key.sk}` }, () =>
        table.delete(key, condition, process.now()),
      ),
    async *pages(query) {
      const { limit, growing, ...rest } = query;
      let after: string | undefined;
      let most = limit;
      do {
        const from = after;
        const asked = { ...rest, ...defined({ limit: most }) };
        const page = await process.call(
          { service: 'table', what: `query ${query.partition[1]}` },
          () => table.page(asked, from, process.now()),
        );
        yield page.items;
        after = page.last;
        if (growing && most !== undefined) most *= 2;
      } while (after !== undefined);
    },
    counts: () => {
      throw new Error('nobody counts in this world');
    },
  };
}
