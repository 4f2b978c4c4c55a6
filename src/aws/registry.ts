import type { Plugin, Plugins } from '../core/plugin.ts';
import type { Clock } from '../ports/clock.ts';
import type { Registry } from '../ports/registry.ts';
import { CACHED_MS } from '../ports/registry.ts';
import type { Condition, Item, Table } from './table.ts';

const PARTITION = 'plugins';

/**
 * `pk = plugins`, `sk = <plugin>`; `ownedBy` is what a write depends on (`owner` is a word of DynamoDB's). `switchedOff` and
 * `draining` stand by themselves, 1 or 0, so that they are set without a look at the rest.
 */
export function createRegistry(table: Table, clock: Clock): Registry {
  let cached: { plugins: Promise<Plugins>; until: number } | undefined;

  return {
    plugins({ fresh } = { fresh: false }) {
      if (!fresh && cached !== undefined && clock() < cached.until) return cached.plugins;
      const loading = { plugins: load(table, fresh), until: clock() + CACHED_MS };
      cached = loading;
      loading.plugins.catch(() => {
        if (cached === loading) cached = undefined;
      });
      return loading.plugins;
    },

    async put(plugin) {
      const { switchedOff, draining, ...registration } = plugin;
      const { owner, name } = registration;
      const item = {
        ...{ pk: PARTITION, sk: name, ownedBy: owner, plugin: JSON.stringify(registration) },
        switchedOff: Number(switchedOff ?? false),
        draining: Number(draining ?? false),
      };
      const written = await table.put(item, isFreeFor(owner));
      cached = undefined;
      return { owner: written.done ? owner : String(written.found.ownedBy) };
    },

    async remove(name, owner) {
      await table.delete({ pk: PARTITION, sk: name }, isFreeFor(owner));
      cached = undefined;
    },

    async setSwitchedOff(name, switchedOff) {
      const key = { pk: PARTITION, sk: name };
      await table.set(key, { switchedOff: Number(switchedOff) }, IS_REGISTERED);
      cached = undefined;
    },

    async setDraining(name, owner) {
      const set = await table.set({ pk: PARTITION, sk: name }, { draining: 1 }, isOwnedBy(owner));
      cached = undefined;
      return set.done;
    },
  };
}

const IS_REGISTERED: Condition = { expression: 'attribute_exists(pk)' };

function isOwnedBy(owner: string): Condition {
  return { expression: 'ownedBy = :owner', values: { owner } };
}

function isFreeFor(owner: string): Condition {
  const { expression: isOwn, values = {} } = isOwnedBy(owner);
  return { expression: `attribute_not_exists(pk) OR ${isOwn}`, values };
}

async function load(table: Table, consistent: boolean): Promise<Plugins> {
  const plugins = new Map<string, Plugin>();
  for await (const page of table.pages({ partition: ['pk', PARTITION], consistent })) {
    for (const item of page) plugins.set(String(item.sk), pluginOf(item));
  }
  return plugins;
}

function pluginOf(item: Item): Plugin {
  const registration = JSON.parse(String(item.plugin)) as Plugin;
  return {
    ...registration,
    ...(item.switchedOff === 1 && { switchedOff: true }),
    ...(item.draining === 1 && { draining: true }),
  };
}
