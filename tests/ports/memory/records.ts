import type { Recorded, Records } from '../../../src/ports/records.ts';

export function createMemoryRecords<Known extends object>(
  nameOf: (record: Known) => string,
): Records<Known> {
  const records = new Map<string, Recorded<Known>>();
  const isStill = (name: string, read: Recorded<Known> | undefined) =>
    records.get(name)?.version === read?.version;

  return {
    async list() {
      return [...records.values()].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
    },

    async get(name) {
      return records.get(name);
    },

    async put(record, read) {
      if (!isStill(nameOf(record), read)) return false;
      records.set(nameOf(record), { ...record, version: (read?.version ?? 0) + 1 });
      return true;
    },

    async remove(read) {
      return isStill(nameOf(read), read) && records.delete(nameOf(read));
    },
  };
}

/** Records of single plugins. */
export function createMemoryPluginRecords<
  Known extends { readonly plugin: string },
>(): Records<Known> {
  return createMemoryRecords(({ plugin }) => plugin);
}
