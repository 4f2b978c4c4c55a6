/** Random choices that a seed determines: the same seed makes the same world. */
export interface Chance {
  /** Whether something of this probability happens. */
  readonly happens: (probability: number) => boolean;
  /** A whole number from 0 up to, but not including, the bound. */
  readonly below: (bound: number) => number;
  /** A whole number, both ends included. */
  readonly between: (least: number, most: number) => number;
  readonly pick: <T>(choices: readonly T[]) => T;
  /** From 0 up to, but not including, 1. */
  readonly fraction: () => number;
}

/** The generator is mulberry32: 32 bits of state are plenty for the choices of one world. */
export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0;
  const fraction = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (bound: number) => Math.floor(fraction() * bound);
  return {
    fraction,
    below,
    happens: (probability) => probability > 0 && fraction() < probability,
    between: (least, most) => least + below(most - least + 1),
    pick: (choices) => {
      if (choices.length === 0) throw new Error('nothing to choose from');
      return choices[below(choices.length)] as (typeof choices)[number];
    },
  };
}

/** A seed of its own for each part of a world, so that one more choice in one part leaves the others as they were. */
export function seedFor(seed: number, part: string | number): number {
  let hash = seed >>> 0;
  for (const character of String(part)) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
