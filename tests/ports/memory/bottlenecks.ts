import type { Bottlenecks, RecordedBottleneck } from '../../../src/ports/bottlenecks.ts';

export function createMemoryBottlenecks(): Bottlenecks {
  const records = new Map<string, RecordedBottleneck>();
  const isStill = (plugin: string, read: RecordedBottleneck | undefined) =>
    records.get(plugin)?.version === read?.version;

  return {
    async list() {
      return [...records.values()].sort((a, b) => (a.plugin < b.plugin ? -1 : 1));
    },

    async get(plugin) {
      return records.get(plugin);
    },

    async put(bottleneck, read) {
      if (!isStill(bottleneck.plugin, read)) return false;
      records.set(bottleneck.plugin, { ...bottleneck, version: (read?.version ?? 0) + 1 });
      return true;
    },

    async remove(read) {
      return isStill(read.plugin, read) && records.delete(read.plugin);
    },
  };
}
