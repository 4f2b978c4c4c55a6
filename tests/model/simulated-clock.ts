import type { Instant } from '../../src/core/json.ts';

/** Time that passes only when it is told to, and never backwards. */
export interface SimulatedClock {
  readonly now: () => Instant;
  readonly advanceTo: (instant: Instant) => void;
}

export function createSimulatedClock(start: Instant): SimulatedClock {
  let now = start;
  return {
    now: () => now,
    advanceTo(instant) {
      if (instant < now) throw new Error(`the clock would run backwards: ${now} → ${instant}`);
      now = instant;
    },
  };
}
