import type { Plugin } from '../../../src/core/plugin.ts';
import type { Registry } from '../../../src/ports/registry.ts';

export function createMemoryRegistry(registered: readonly Plugin[] = []): Registry {
  const plugins = new Map(registered.map((plugin) => [plugin.name, plugin]));

  return {
    async plugins() {
      return new Map(plugins);
    },

    async put(plugin) {
      const owner = plugins.get(plugin.name)?.owner ?? plugin.owner;
      if (owner === plugin.owner) plugins.set(plugin.name, plugin);
      return { owner };
    },

    async remove(name, owner) {
      if (plugins.get(name)?.owner === owner) plugins.delete(name);
    },

    async setDraining(name, owner) {
      const plugin = plugins.get(name);
      if (plugin?.owner !== owner) return false;
      plugins.set(name, { ...plugin, draining: true });
      return true;
    },

    async setSwitchedOff(name, isOff) {
      const plugin = plugins.get(name);
      if (plugin === undefined) return;
      const { switchedOff: _, ...on } = plugin;
      plugins.set(name, isOff ? { ...on, switchedOff: true } : on);
    },
  };
}
