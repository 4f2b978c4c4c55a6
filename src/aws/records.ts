import type { Recorded, Records } from '../ports/records.ts';
import type { Item, Table } from './table.ts';
import { asRead } from './table.ts';

/** Where records lie. */
export interface RecordPlace<Known> {
  readonly partition: string;
  /** The attribute that holds the record. */
  readonly attribute: string;
  readonly nameOf: (record: Known) => string;
}

/** `pk = <partition>`, `sk = <name>`, `<attribute>`: JSON, `version`. */
export function createRecords<Known>(
  table: Table,
  { partition, attribute, nameOf }: RecordPlace<Known>,
): Records<Known> {
  const recordOf = (item: Item) => recordIn<Known>(item, attribute);

  return {
    async list() {
      const records: Recorded<Known>[] = [];
      const query = { partition: ['pk', partition] as const, consistent: true };
      for await (const page of table.pages(query)) records.push(...page.map(recordOf));
      return records;
    },

    async get(name) {
      const item = await table.get({ pk: partition, sk: name });
      return item && recordOf(item);
    },

    async put(record, read) {
      const item = {
        ...{ pk: partition, sk: nameOf(record), version: (read?.version ?? 0) + 1 },
        [attribute]: JSON.stringify({ ...record, version: undefined }),
      };
      return (await table.put(item, asRead(read))).done;
    },

    async remove(read) {
      return (await table.delete({ pk: partition, sk: nameOf(read) }, asRead(read))).done;
    },
  };
}

/** The record that the item holds. */
export function recordIn<Known>(item: Item, attribute: string): Recorded<Known> {
  return { ...(JSON.parse(String(item[attribute])) as Known), version: Number(item.version) };
}
