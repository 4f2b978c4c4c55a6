import { describe, expect, it } from '@jest/globals';
import { createUncountedEnds } from '../../src/aws/uncounted-ends.ts';
import type { Ended } from '../../src/ports/counts.ts';
import { OTHERS } from '../../src/ports/counts.ts';
import { times } from '../ports/store.ts';

const T0 = Date.parse('2026-11-26T08:00:00.000Z');
const ORDER: Ended = { by: 'workflow', name: 'photo', how: 'completed' };
const ATTEMPT: Ended = { by: 'plugin', name: 'A', how: 'completed' };

/** An instance that is told of ends, each call so many milliseconds after the beginning. */
function instance() {
  const uncounted = createUncountedEnds();
  return (afterMs: number, ...ended: readonly Ended[]) => {
    uncounted.hold(ended, T0 + afterMs);
    return uncounted.take(T0 + afterMs).reduce((sum, { count }) => sum + count, 0);
  };
}

describe('the ends that an instance has not stored', () => {
  it('are stored with the end of a lone order', () => {
    const tell = instance();
    expect(tell(0, ATTEMPT)).toBe(0);
    expect(tell(1000, ATTEMPT)).toBe(0);
    expect(tell(2000, ATTEMPT, ORDER)).toBe(4);
    expect(tell(3000)).toBe(0);
  });

  it('are stored for six orders a minute at most, and the others in the next minute', () => {
    const tell = instance();
    const stored = times(20, (index) => tell(index * 100, ORDER));
    expect(stored).toEqual([1, 1, 1, 1, 1, 1, ...times(14, () => 0)]);
    expect(tell(59_999)).toBe(0);
    expect(tell(60_000)).toBe(14);
    expect(tell(61_000, ORDER)).toBe(1);
  });

  it('are stored when they are fifty, once a second at most', () => {
    const tell = instance();
    const burst = times(49, () => ATTEMPT);
    expect(tell(0, ...burst)).toBe(0);
    expect(tell(10, ATTEMPT)).toBe(50);
    expect(tell(20, ...burst, ATTEMPT)).toBe(0);
    expect(tell(1009, ATTEMPT)).toBe(0);
    expect(tell(1010, ATTEMPT)).toBe(52);
  });

  it('of an earlier minute are stored with whatever comes next', () => {
    const tell = instance();
    expect(tell(59_000, ATTEMPT)).toBe(0);
    expect(tell(3_600_000)).toBe(1);
  });

  it('have fifty codes of errors an hour; the others are told together', () => {
    const uncounted = createUncountedEnds();
    const failures = times(
      60,
      (index): Ended => ({ by: 'errorCode', name: `E${index}`, how: 'failed' }),
    );
    uncounted.hold(failures, T0);
    const tallies = uncounted.take(T0);
    expect(tallies).toHaveLength(51);
    expect(tallies.at(-1)).toEqual({
      ended: { by: 'errorCode', name: OTHERS, how: 'failed' },
      count: 10,
    });
    uncounted.hold(failures.slice(55), T0 + 3_600_000);
    expect(uncounted.take(T0 + 3_660_000).map(({ ended }) => ended.name)).toContain('E59');
  });
});
