import { setTimeout as pause } from 'node:timers/promises';
import type { Chance } from '../../simulation/seed.ts';
import { ask } from '../client.ts';
import { PLUGINS } from '../plans.ts';
import type { Shop } from './shop.ts';
import { whileOpen } from './shop.ts';

const EVERY_MS = [4000, 15_000] as const;
const HELD_MS = [1000, 10_000] as const;

/** What was asked of plugins, and taken. */
export class PluginOperator {
  readonly taken = { quarantine: 0, drain: 0, reopen: 0 };
  readonly #shop: Shop;
  readonly #chance: Chance;

  constructor(shop: Shop, chance: Chance) {
    this.#shop = shop;
    this.#chance = chance;
  }

  /** Holds plugins back by hand, one after another. */
  tendPlugins(): Promise<void> {
    return whileOpen(this.#shop, this.#chance, EVERY_MS, async () => {
      const plugin = this.#chance.pick(PLUGINS);
      await this.#ask(plugin, this.#chance.pick(['quarantine', 'drain']));
      await pause(this.#chance.between(...HELD_MS));
      await this.#ask(plugin, 'reopen');
    });
  }

  async #ask(plugin: string, act: keyof PluginOperator['taken']): Promise<void> {
    const path = `/plugins/${plugin}/${act}`;
    const body = { reason: 'somebody likes to' };
    const answer = await ask(this.#shop.system, { method: 'POST', path, body });
    if ('body' in answer) this.taken[act] += 1;
  }
}
