import type { Json } from '../../../src/core/json.ts';
import type { OrderSystem } from '../../stack/order-system.ts';
import { ask } from '../client.ts';

export type ActName = 'cancel' | 'pause' | 'resume' | 'retry' | 'skip';

/** What somebody asked of one order, and the answer. */
export interface Act {
  readonly orderId: string;
  readonly act: ActName;
  /** Its own, by which the order's timeline tells it. */
  readonly reason: string;
  readonly undo?: false;
  readonly task?: string;
  readonly result?: Json;
  readonly askedAt: number;
  readonly answeredAt: number;
  /** The code of the refusal. */
  readonly refused?: string;
}

/** Whoever acts on orders does it by this, so that all of it is known at the end. */
export class Acts {
  readonly all: Act[] = [];
  readonly #system: OrderSystem;
  #begun = 0;

  constructor(system: OrderSystem) {
    this.#system = system;
  }

  /** Asks until it is answered, under a key of its own. */
  async ask(
    orderId: string,
    act: ActName,
    about: Pick<Act, 'undo' | 'task' | 'result'> = {},
  ): Promise<Act> {
    this.#begun += 1;
    const reason = `act ${this.#begun}`;
    const askedAt = Date.now();
    const path = `/orders/${orderId}/${act}`;
    const body = { ...about, reason };
    const answer = await ask(this.#system, { method: 'POST', path, body, key: reason });
    const refused = 'refused' in answer ? { refused: answer.refused } : {};
    const done = { orderId, act, reason, ...about, askedAt, answeredAt: Date.now(), ...refused };
    this.all.push(done);
    return done;
  }
}
