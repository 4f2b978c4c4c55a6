import { describe, expect, it } from '@jest/globals';
import { mostText, paceText } from '../../src/console/charts/chart-words.ts';
import { intervalsOf, sumOf } from '../../src/console/charts/intervals.ts';
import { queuePoints, queueText } from '../../src/console/charts/queue-points.ts';
import type { Counts, PluginHistory } from '../../src/console/messages.ts';
import { at } from './orders.ts';

const ended = (completed: number, failed = 0, cancelled = 0) => ({ completed, failed, cancelled });

const counts = (...series: { seconds: number; completed: number; failed: number }[][]): Counts => ({
  ...({ by: 'workflow', per: 'minute', of: 'orders', approximate: true } as const),
  ...{ from: at(0), to: at(180) },
  series: series.map((points, index) => ({
    ...{ name: `w-${index}`, ...ended(0) },
    points: points.map(({ seconds, completed, failed }) => ({
      ...{ at: at(seconds), ...ended(completed, failed) },
    })),
  })),
});

describe('what ended over time', () => {
  const intervals = intervalsOf(
    counts([{ seconds: 0, completed: 3, failed: 0 }], [{ seconds: 0, completed: 1, failed: 2 }]),
  );

  it('is the sum of all series, interval by interval, with those in which nothing ended', () => {
    expect(intervals).toEqual([
      { at: Date.parse(at(0)), ...ended(4, 2) },
      { at: Date.parse(at(60)), ...ended(0) },
      { at: Date.parse(at(120)), ...ended(0) },
    ]);
    expect(sumOf(intervals)).toEqual(ended(4, 2));
  });

  it('says when most ended, and nothing where nothing did', () => {
    expect(mostText(intervals, 'minute')).toMatch(/^most, 6, at \d\d:\d\d$/);
    expect(mostText(intervals, 'day')).toMatch(/^most, 6, on Jan 1$/);
    expect(mostText(intervalsOf(counts()), 'minute')).toBeUndefined();
  });

  it('says how fast it goes now, without the minute that is not over', () => {
    const at = (minute: number, completed: number) => ({ at: minute, ...ended(completed) });
    const minutes = [at(0, 500), at(1, 2), at(2, 0), at(3, 4), at(4, 0), at(5, 6), at(6, 900)];
    expect(paceText(minutes, 'minute')).toBe('2.4 a minute lately');
    expect(paceText(minutes, 'hour')).toBeUndefined();
    expect(paceText(intervals, 'minute')).toBe('3 a minute lately');
    expect(paceText([at(0, 0), at(1, 3)], 'minute')).toBeUndefined();
  });
});

describe("a plugin's queue over time", () => {
  const history = (...points: PluginHistory['points']): PluginHistory => ({
    ...{ name: 'A', per: 'minute', from: at(0), to: at(120), points },
  });
  const point = { inFlight: 2, parked: 0, concurrency: 8, instances: 8 };

  it('has zeros where it was at rest', () => {
    expect(queuePoints(history({ at: at(60), queued: 5, ...point }))).toMatchObject([
      { queued: 0, inFlight: 0, parked: 0 },
      { queued: 5, inFlight: 2, instances: 8 },
    ]);
  });

  it.each([
    [[], 'In the last hour it was at rest.'],
    [[{ at: at(0), queued: 0, ...point }], 'In the last hour nothing had to wait for it.'],
    [[{ at: at(0), queued: 295, ...point }], ': 295, with 8 instances at work.'],
  ])('is put into a sentence', (points, text) => {
    expect(queueText(queuePoints(history(...points)), 'minute')).toContain(text);
  });
});
