import type { Chance } from '../../simulation/seed.ts';
import { ask } from '../client.ts';
import { readDeeds } from '../deeds.ts';
import type { Shop } from './shop.ts';

/** What the API said that it has taken. */
export interface Callback {
  readonly orderId: string;
  readonly job: string;
  readonly result: string;
}

/** Somebody who finishes the tasks that a plugin has left to others, each once, some long after they came. */
export class Desk {
  readonly taken: Callback[] = [];
  readonly #shop: Shop;
  readonly #chance: Chance;
  readonly #seen = new Set<string>();

  constructor(shop: Shop, chance: Chance) {
    this.#shop = shop;
    this.#chance = chance;
  }

  /** Finishes some of those that lie there; all of them once the shop has closed. */
  async tendTasks(): Promise<void> {
    const { system, isOpen } = this.#shop;
    for (const deed of readDeeds(system.marks)) {
      if (deed.deed !== 'asked' || this.#seen.has(deed.token)) continue;
      if (isOpen && this.#chance.happens(0.7)) continue;
      this.#seen.add(deed.token);
      const { orderId, job, plugin, token, input } = deed;
      // As `resultOf` of the sequential model says.
      const result = `${plugin}(${JSON.stringify(input)})`.slice(-400);
      const path = `/tasks/${token}/complete`;
      const answer = await ask(system, { method: 'POST', path, body: { result } });
      if ('body' in answer) this.taken.push({ orderId, job, result });
    }
  }
}
