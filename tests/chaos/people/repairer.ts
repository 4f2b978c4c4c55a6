import type { StatusView } from '../../../src/cli/responses.ts';
import type { OrderSystem } from '../../stack/order-system.ts';
import { ask } from '../client.ts';
import { FRAIL } from '../plans.ts';
import type { Healing } from './healing.ts';

/** The quarantine lasts for some canaries. */
const MENDS_AFTER_MS = 10_000;

/** Looks how the frail plugin does: counts how often it was closed by itself and was open again, and mends it some time after it was closed. */
export class Repairer {
  closed = 0;
  reopened = 0;
  #closedAt: number | undefined;
  readonly #system: OrderSystem;
  readonly #healing: Healing;

  constructor(system: OrderSystem, healing: Healing) {
    this.#system = system;
    this.#healing = healing;
  }

  async look(): Promise<void> {
    const answer = await ask<StatusView>(this.#system, { path: '/status' });
    const plugins = 'body' in answer ? answer.body.plugins : [];
    const plugin = plugins.find(({ name }) => name === FRAIL);
    if (plugin === undefined) return;
    const isHeld = plugin.health === 'quarantined';
    // What a person has closed says who.
    if (isHeld && this.#closedAt === undefined && plugin.quarantine?.actor === undefined) {
      this.#closedAt = Date.now();
      this.closed += 1;
    }
    if (!isHeld && this.#closedAt !== undefined) {
      this.#closedAt = undefined;
      this.reopened += 1;
    }
    if (Date.now() - (this.#closedAt ?? Date.now()) > MENDS_AFTER_MS)
      this.#healing.mendPlugin(FRAIL);
  }
}
