import { setTimeout as pause } from 'node:timers/promises';
import type { OperationReceipt, OperationView } from '../../../src/cli/responses.ts';
import type { Chance } from '../../simulation/seed.ts';
import { ask, demand } from '../client.ts';
import type { Shop } from './shop.ts';
import { whileOpen } from './shop.ts';

const EVERY_MS = [3000, 10_000] as const;
const LOOK_EVERY_MS = 500;

/** An operation that was asked for. */
export interface Asked {
  readonly operationId: string;
  readonly request: OperationRequest;
  /** How many orders match for certain, whatever else happens. */
  readonly mustMatch?: number;
}

export interface OperationRequest {
  readonly action: 'cancel' | 'pause' | 'resume' | 'retry' | 'skip';
  readonly filter: Readonly<Record<string, unknown>>;
  readonly undo?: false;
  readonly task?: string;
  readonly result?: string;
}

/** Acts on whole batches of orders. */
export class BulkOperator {
  readonly all: Asked[] = [];
  readonly #shop: Shop;
  readonly #chance: Chance;

  constructor(shop: Shop, chance: Chance) {
    this.#shop = shop;
    this.#chance = chance;
  }

  tendBatches(): Promise<void> {
    const { placed } = this.#shop;
    return whileOpen(this.#shop, this.#chance, EVERY_MS, async () => {
      const { batch } = this.#chance.pick(placed).attributes;
      // Such a filter keeps matching, whatever becomes of the orders.
      const mustMatch = placed.filter(({ attributes }) => attributes.batch === batch).length;
      const filter = { attributes: { batch } };
      switch (this.#chance.pick(['pause', 'pause', 'retry', 'retry', 'skip', 'cancel'])) {
        case 'pause':
          await this.begin({ action: 'pause', filter }, mustMatch);
          await this.begin({ action: 'resume', filter }, mustMatch);
          break;
        case 'retry':
          await this.begin({ action: 'retry', filter: { status: 'failed' } });
          break;
        case 'skip': {
          const result = this.#chance.happens(0.5) ? { result: 'by hand' } : {};
          await this.begin({ action: 'skip', task: 'check', filter, ...result }, mustMatch);
          break;
        }
        case 'cancel': {
          const some = { ...filter, status: ['paused', 'waiting'] };
          await this.begin({
            ...{ action: 'cancel', filter: some },
            ...(this.#chance.happens(0.3) && { undo: false }),
          });
          break;
        }
      }
    });
  }

  /** Asks for it, and waits until it has ended; some are stopped before. */
  async begin(request: OperationRequest, mustMatch?: number): Promise<void> {
    const { system } = this.#shop;
    const key = `operation ${this.all.length + 1}`;
    const body = { ...request, ratePerSecond: this.#chance.pick([5, 50]), reason: key };
    const begun = { method: 'POST', path: '/operations', body, key } as const;
    const { operationId } = await demand<OperationReceipt>(system, begun);
    this.all.push({ operationId, request, ...(mustMatch !== undefined && { mustMatch }) });
    if (this.#chance.happens(0.1)) {
      await ask(system, { method: 'POST', path: `/operations/${operationId}/stop` });
    }
    while ((await this.look(operationId)).endedAt === undefined) await pause(LOOK_EVERY_MS);
  }

  look(operationId: string): Promise<OperationView> {
    return demand(this.#shop.system, { path: `/operations/${operationId}` });
  }
}
