import type { Plugin, Plugins } from '../core/plugin.ts';
import type { Quarantine } from '../core/quarantine.ts';
import type { Clock } from '../ports/clock.ts';
import type { Registered, Registry, StackRequest } from '../ports/registry.ts';
import { CACHED_MS, LATEST_DELIVERY_MS, MISSING_MS } from '../ports/registry.ts';
import { QUARANTINES } from './quarantines.ts';
import { recordIn } from './records.ts';
import type { Condition, Item, Key, Table } from './table.ts';
import { IS_THERE } from './table.ts';

const PARTITION = 'plugins';
const REMOVED = 'removed-plugins';

/** Names that are remembered as unknown. Clients name plugins in their lists, and may make names up. */
const MAX_MISSING = 1000;

/**
 * Registrations: `pk = plugins`, `sk = <plugin>`. `ownedBy` is what a write depends on (`owner` is a word of DynamoDB's), with the
 * request that made the registration: `stackId`, `logicalId`, `requestId`, `sentAt`. `switchedOff` and `draining` stand by
 * themselves, 1 or 0, so that they are set without a look at the rest.
 *
 * A plugin's quarantine has an item of its own (see quarantines.ts), which no registration overwrites; both are read together.
 *
 * Removals: `pk = removed-plugins`, `sk = <plugin>#<stack>#<resource>`, `sentAt`: what the resource asked for before then is over.
 */
export function createRegistry(table: Table, clock: Clock): Registry {
  let cached: { plugins: Promise<Plugins>; at: number } | undefined;
  const missing = new Map<string, number>();

  return {
    async plugins({ fresh = false, naming = [], withinMs = CACHED_MS } = {}) {
      if (fresh) return load(true);
      const plugins = await (cached !== undefined && clock() < cached.at + withinMs
        ? cached.plugins
        : load(false));
      const unknown = [...naming].filter((name) => !plugins.has(name));
      const toAsk = unknown.filter((name) => clock() >= (missing.get(name) ?? 0));
      // Whoever asks at the same moment shares the answer.
      if (toAsk.length === 0) return unknown.length > 0 && cached ? cached.plugins : plugins;
      if (missing.size > MAX_MISSING) missing.clear();
      for (const name of toAsk) missing.set(name, clock() + MISSING_MS);
      return load(true).catch((error: unknown) => {
        for (const name of toAsk) missing.delete(name);
        throw error;
      });
    },

    async find(name) {
      const item = await table.get(keyOf(name));
      return item && pluginOf(item);
    },

    async put(plugin, by) {
      if (await isRemoved(plugin.name, by)) return { outcome: 'superseded' };
      const { switchedOff, draining, quarantined: _, ...registration } = plugin;
      const { owner, name } = registration;
      const item = {
        ...{ ...keyOf(name), ownedBy: owner, ...by, plugin: JSON.stringify(registration) },
        ...{ switchedOff: Number(switchedOff ?? false), draining: Number(draining ?? false) },
      };
      const written = await table.put(item, isFreeFor(owner, by));
      cached = undefined;
      if (!written.done) return outcomeFor(owner, written.found);
      // It may have been removed between the look and the put: then the removal has found nothing.
      if (!(await isRemoved(name, by))) return { outcome: 'registered' };
      await table.delete(keyOf(name), isBy(by));
      return { outcome: 'superseded' };
    },

    async remove(name, by) {
      const expiresAt = Math.ceil((by.sentAt + LATEST_DELIVERY_MS) / 1000);
      await table.set(removalOf(name, by), { sentAt: by.sentAt, expiresAt }, IS_LATER);
      await table.delete(keyOf(name), isOfSameResource(by));
      cached = undefined;
    },

    async setSwitchedOff(name, switchedOff) {
      await table.set(keyOf(name), { switchedOff: Number(switchedOff) }, IS_THERE);
      cached = undefined;
    },

    async setDraining(name, registration, by) {
      const { sentAt, requestId } = by;
      const condition = isOfSameResource({ ...by, logicalId: registration });
      const set = await table.set(keyOf(name), { draining: 1, sentAt, requestId }, condition);
      cached = undefined;
      return set.done || (set.found.requestId === requestId && set.found.draining === 1);
    },
  };

  function load(consistent: boolean): Promise<Plugins> {
    const loading = { plugins: read(table, consistent), at: clock() };
    cached = loading;
    loading.plugins.catch(() => {
      if (cached === loading) cached = undefined;
    });
    return loading.plugins;
  }

  async function isRemoved(name: string, by: StackRequest): Promise<boolean> {
    const removal = await table.get(removalOf(name, by));
    return removal !== undefined && Number(removal.sentAt) > by.sentAt;
  }
}

function keyOf(name: string): Key {
  return { pk: PARTITION, sk: name };
}

function removalOf(name: string, { stackId, logicalId }: StackRequest): Key {
  return { pk: REMOVED, sk: `${name}#${stackId}#${logicalId}` };
}

/** There is none, or it is older. `set` names its own values by their attributes. */
const IS_LATER: Condition = { expression: 'attribute_not_exists(pk) OR sentAt < :sentAt' };

function isFreeFor(owner: string, { sentAt }: StackRequest): Condition {
  return {
    expression: 'attribute_not_exists(pk) OR (ownedBy = :owner AND sentAt < :sentAt)',
    values: { owner, sentAt },
  };
}

function isOfSameResource({ stackId, logicalId, sentAt }: StackRequest): Condition {
  return {
    expression: 'stackId = :stackId AND logicalId = :logicalId AND sentAt < :sentAt',
    values: { stackId, logicalId, sentAt },
  };
}

function isBy({ requestId, sentAt }: StackRequest): Condition {
  return {
    expression: 'requestId = :requestId AND sentAt = :sentAt',
    values: { requestId, sentAt },
  };
}

function outcomeFor(owner: string, { ownedBy }: Item): Registered {
  if (ownedBy === owner) return { outcome: 'superseded' };
  return { outcome: 'taken', owner: String(ownedBy) };
}

async function read(table: Table, consistent: boolean): Promise<Plugins> {
  const [registered, held] = await Promise.all([
    itemsOf(PARTITION, table, consistent),
    itemsOf(QUARANTINES.partition, table, consistent),
  ]);
  const quarantines = new Map(held.map((item) => [item.sk, item]));
  return new Map(
    registered.map((item) => [String(item.sk), pluginOf(item, quarantines.get(item.sk))]),
  );
}

/** All that are registered, whoever is held back: it takes no right to any other partition. */
export async function registeredPlugins(table: Table): Promise<Plugins> {
  const items = await itemsOf(PARTITION, table, true);
  return new Map(items.map((item) => [String(item.sk), pluginOf(item)]));
}

async function itemsOf(partition: string, table: Table, consistent: boolean): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of table.pages({ partition: ['pk', partition], consistent })) {
    items.push(...page);
  }
  return items;
}

function pluginOf(item: Item, quarantine?: Item): Plugin {
  const registration = JSON.parse(String(item.plugin)) as Plugin;
  return {
    ...registration,
    ...(item.switchedOff === 1 && { switchedOff: true }),
    ...(item.draining === 1 && { draining: true }),
    ...(quarantine && { quarantined: quarantineIn(quarantine) }),
  };
}

function quarantineIn(item: Item): Quarantine {
  const { version: _, ...quarantine } = recordIn<Quarantine>(item, QUARANTINES.attribute);
  return quarantine;
}
