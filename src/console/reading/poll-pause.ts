const SHORTEST_MS = 2000;
const LONGEST_UNCHANGED_MS = 15_000;
const LONGEST_FAILED_MS = 30_000;

export type Outcome = 'changed' | 'unchanged' | 'failed';

/** How long to wait after a look: 2 s while things change, longer and longer while they stand still, longer still while nobody answers. */
export function pauseAfter(outcome: Outcome, previousMs: number): number {
  switch (outcome) {
    case 'changed':
      return SHORTEST_MS;
    case 'unchanged':
      return Math.min(Math.max(previousMs, SHORTEST_MS) * 1.5, LONGEST_UNCHANGED_MS);
    case 'failed':
      return Math.min(Math.max(previousMs, SHORTEST_MS) * 2, LONGEST_FAILED_MS);
  }
}
