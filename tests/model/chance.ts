/** Random choices that a seed determines: the same seed makes the same world. */
export interface Chance {
  /** Whether something of this probability happens. */
  readonly happens: (probability: number) => boolean;
  /** A whole number from 0 up to, but not including, the bound. */
  readonly below: (bound: number) => number;
}

/** The generator is mulberry32: 32 bits of state are plenty for a few thousand choices. */
export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    happens: (probability) => next() < probability,
    below: (bound) => Math.floor(next() * bound),
  };
}
