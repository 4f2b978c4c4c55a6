import type { PluginRecords, Recorded } from '../../../src/ports/plugin-records.ts';

export function createMemoryPluginRecords<
  Known extends { readonly plugin: string },
>(): PluginRecords<Known> {
  const records = new Map<string, Recorded<Known>>();
  const isStill = (plugin: string, read: Recorded<Known> | undefined) =>
    records.get(plugin)?.version === read?.version;

  return {
    async list() {
      return [...records.values()].sort((a, b) => (a.plugin < b.plugin ? -1 : 1));
    },

    async get(plugin) {
      return records.get(plugin);
    },

    async put(record, read) {
      if (!isStill(record.plugin, read)) return false;
      records.set(record.plugin, { ...record, version: (read?.version ?? 0) + 1 });
      return true;
    },

    async remove(read) {
      return isStill(read.plugin, read) && records.delete(read.plugin);
    },
  };
}
