import type { BoundedPlugins } from '../../../src/ports/bounded-plugins.ts';

export function createMemoryBoundedPlugins(): BoundedPlugins {
  const plugins = new Set<string>();
  return {
    add: async (plugin) => void plugins.add(plugin),
    remove: async (plugin) => void plugins.delete(plugin),
    list: async () => [...plugins].sort(),
  };
}
