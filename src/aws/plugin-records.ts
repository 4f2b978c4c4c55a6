import type { PluginRecords, Recorded } from '../ports/plugin-records.ts';
import type { Item, Table } from './table.ts';
import { asRead } from './table.ts';

/** Where records lie. */
export interface RecordPlace {
  readonly partition: string;
  /** The attribute that holds the record. */
  readonly attribute: string;
}

/** `pk = <partition>`, `sk = <plugin>`, `<attribute>`: JSON, `version`. */
export function createPluginRecords<Known extends { readonly plugin: string }>(
  table: Table,
  { partition, attribute }: RecordPlace,
): PluginRecords<Known> {
  const recordOf = (item: Item) => recordIn<Known>(item, attribute);

  return {
    async list() {
      const records: Recorded<Known>[] = [];
      const query = { partition: ['pk', partition] as const, consistent: true };
      for await (const page of table.pages(query)) records.push(...page.map(recordOf));
      return records;
    },

    async get(plugin) {
      const item = await table.get({ pk: partition, sk: plugin });
      return item && recordOf(item);
    },

    async put(record, read) {
      const item = {
        ...{ pk: partition, sk: record.plugin, version: (read?.version ?? 0) + 1 },
        [attribute]: JSON.stringify({ ...record, version: undefined }),
      };
      return (await table.put(item, asRead(read))).done;
    },

    async remove(read) {
      return (await table.delete({ pk: partition, sk: read.plugin }, asRead(read))).done;
    },
  };
}

/** The record that the item holds. */
export function recordIn<Known>(item: Item, attribute: string): Recorded<Known> {
  return { ...(JSON.parse(String(item[attribute])) as Known), version: Number(item.version) };
}
