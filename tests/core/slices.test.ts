import { describe, expect, it } from '@jest/globals';
import { shareOf, tasksFor } from '../../src/core/slices.ts';

describe('the concurrency of a list that is cut into slices', () => {
  it.each([
    // [at once in all, elements, slices, slices at once, elements of each at once]
    [1, 10_000, 200, 1, 1],
    [8, 10_000, 200, 8, 1],
    [200, 10_000, 200, 200, 1],
    [300, 10_000, 200, 150, 2],
    [500, 10_000, 200, 166, 3],
    [10_000, 10_000, 200, 200, 50],
    [3, 51, 2, 1, 2],
  ])(
    '%s of %s elements in %s slices: %s slices at once, %s elements of each',
    (most, count, slices, atOnce, each) => {
      expect(tasksFor(count)).toBe(slices);
      expect(shareOf(most, count)).toEqual({ slices: atOnce, each });
      expect(Math.min(atOnce, slices) * each).toBeLessThanOrEqual(most);
    },
  );

  it('is none where the step says none', () => {
    expect(shareOf(undefined, 10_000)).toEqual({ slices: Infinity });
  });
});
