import type { Courier, Parcel } from '../../../src/engine/ports.ts';

export interface MemoryCourier extends Courier {
  /** All that has been sent and not yet been taken away. */
  readonly sent: Parcel[];
}

export function createMemoryCourier(): MemoryCourier {
  const sent: Parcel[] = [];

  return {
    sent,
    async send(parcels) {
      sent.push(...structuredClone(parcels));
      return new Map();
    },
  };
}
