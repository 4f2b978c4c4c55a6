import { setTimeout as pause } from 'node:timers/promises';
import type { Chance } from '../../simulation/seed.ts';
import type { OrderSystem } from '../../stack/order-system.ts';
import type { Plan } from '../plans.ts';
import type { Acts } from './acts.ts';
import type { Healing } from './healing.ts';

/** What the people who look after the orders share. */
export interface Shop {
  readonly system: OrderSystem;
  /** Those that are placed, whole batches only. */
  readonly placed: readonly Plan[];
  readonly acts: Acts;
  readonly healing: Healing;
  /** Until it closes, people go on. */
  isOpen: boolean;
}

/** Does it over and over while the shop is open, with pauses of at least and at most so many milliseconds. */
export async function whileOpen(
  shop: Shop,
  chance: Chance,
  [least, most]: readonly [number, number],
  work: () => Promise<unknown>,
): Promise<void> {
  while (shop.isOpen) {
    await pause(chance.between(least, most));
    if (shop.isOpen && shop.placed.length > 0) await work();
  }
}
