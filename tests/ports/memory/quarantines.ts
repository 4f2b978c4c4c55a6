import type { Quarantines, RecordedQuarantine } from '../../../src/ports/quarantines.ts';

export function createMemoryQuarantines(): Quarantines {
  const records = new Map<string, RecordedQuarantine>();
  const isStill = (plugin: string, read: RecordedQuarantine | undefined) =>
    records.get(plugin)?.version === read?.version;

  return {
    async list() {
      return [...records.values()].sort((a, b) => (a.plugin < b.plugin ? -1 : 1));
    },

    async get(plugin) {
      return records.get(plugin);
    },

    async put(quarantine, read) {
      if (!isStill(quarantine.plugin, read)) return false;
      records.set(quarantine.plugin, { ...quarantine, version: (read?.version ?? 0) + 1 });
      return true;
    },

    async remove(read) {
      return isStill(read.plugin, read) && records.delete(read.plugin);
    },
  };
}
