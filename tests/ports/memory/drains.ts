import type { Drain, Drains } from '../../../src/ports/drains.ts';

export function createMemoryDrains(): Drains {
  const drains = new Map<string, Drain>();

  return {
    async list() {
      return [...drains.values()].sort((a, b) => (a.plugin < b.plugin ? -1 : 1));
    },

    async put(drain) {
      drains.set(drain.plugin, drain);
    },

    async remove(plugin) {
      drains.delete(plugin);
    },
  };
}
