import type { Plugin } from '../../../src/core/plugin.ts';
import type { Quarantines } from '../../../src/ports/quarantines.ts';
import type { Registry, StackRequest } from '../../../src/ports/registry.ts';

/** @param quarantines As of now, since memory is never behind. */
export function createMemoryRegistry(
  registered: readonly Plugin[] = [],
  quarantines?: Pick<Quarantines, 'list'>,
): Registry {
  const plugins = new Map(registered.map((plugin) => [plugin.name, plugin]));
  const requests = new Map(registered.map(({ name, owner }) => [name, firstOf(name, owner)]));
  const removals = new Map<string, number>();

  const isOfSameResource = (name: string, by: StackRequest): boolean => {
    const made = requests.get(name);
    return (
      made?.stackId === by.stackId && made.logicalId === by.logicalId && made.sentAt < by.sentAt
    );
  };

  return {
    async plugins() {
      const held = new Map((await quarantines?.list())?.map((one) => [one.plugin, one]));
      const withHeld = [...plugins].map(([name, plugin]) => {
        const { version: _, ...quarantined } = held.get(name) ?? {};
        return [name, held.has(name) ? { ...plugin, quarantined } : plugin] as [string, Plugin];
      });
      return new Map(withHeld.sort(([a], [b]) => (a < b ? -1 : 1)));
    },

    async find(name) {
      return plugins.get(name);
    },

    async put(plugin, by) {
      const { name, owner } = plugin;
      if ((removals.get(removalOf(name, by)) ?? 0) > by.sentAt) return { outcome: 'superseded' };
      const known = plugins.get(name);
      if (known !== undefined) {
        if (known.owner !== owner) return { outcome: 'taken', owner: known.owner };
        if ((requests.get(name)?.sentAt ?? 0) >= by.sentAt) return { outcome: 'superseded' };
      }
      plugins.set(name, plugin);
      requests.set(name, by);
      return { outcome: 'registered' };
    },

    async remove(name, by) {
      const removal = removalOf(name, by);
      removals.set(removal, Math.max(removals.get(removal) ?? 0, by.sentAt));
      if (!isOfSameResource(name, by)) return;
      plugins.delete(name);
      requests.delete(name);
    },

    async setDraining(name, registration, by) {
      const plugin = plugins.get(name);
      const { requestId, sentAt } = by;
      if (plugin === undefined) return false;
      if (!isOfSameResource(name, { ...by, logicalId: registration })) {
        return requests.get(name)?.requestId === requestId && plugin.draining === true;
      }
      plugins.set(name, { ...plugin, draining: true });
      requests.set(name, { ...by, logicalId: registration, requestId, sentAt });
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

/** The request of a plugin that was there before the test began. */
function firstOf(name: string, owner: string): StackRequest {
  return { stackId: `${owner}/1`, logicalId: `${name}Registration`, requestId: 'first', sentAt: 0 };
}

function removalOf(name: string, { stackId, logicalId }: StackRequest): string {
  return `${name}#${stackId}#${logicalId}`;
}
