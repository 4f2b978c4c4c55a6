import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Pace } from '../../src/cli/pace.ts';
import { startProgress } from '../../src/cli/progress.ts';
import { drawBar, drawCount } from '../../src/cli/progress-picture.ts';
import { textWidth } from '../../src/cli/text-width.ts';

const stand = {
  ...{ what: 'sent', done: 1200, total: 5000, perSecond: 118.7 },
  note: '3 rejected',
};

describe('a bar', () => {
  it('shows how far it is, the rate, the time left and what failed', () => {
    expect(drawBar(stand, 80)).toBe(
      'sent ━━━━━━━┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄ 1200/5000  119/s  33 s left  3 rejected',
    );
  });

  it.each([
    [60, 'sent ━━━┄┄┄┄┄┄┄┄┄┄┄ 1200/5000  119/s  33 s left  3 rejected'],
    [45, 'sent ━━┄┄┄┄┄┄┄┄ 1200/5000  119/s  3 rejected'],
    [40, 'sent ━━━┄┄┄┄┄┄┄┄┄ 1200/5000  3 rejected'],
    [28, 'sent 1200/5000  3 rejected'],
    [20, 'sent 1200/5000  3 …'],
  ])('of %i columns leaves out what counts least', (columns, line) => {
    expect(drawBar(stand, columns)).toBe(line);
  });

  it.each([10, 20, 39, 40, 41, 79, 80, 200])('never takes more than %i columns', (columns) => {
    for (const what of ['sent', '注文', 'cancel'])
      for (const done of [0, 7, 99_999])
        expect(textWidth(drawBar({ ...stand, what, done, total: 99_999 }, columns))).toBeLessThan(
          columns,
        );
  });

  it('says no rate before there is one, and none when all is done', () => {
    const { perSecond: _, ...early } = stand;
    expect(drawCount(early)).toBe('sent 1200/5000  3 rejected');
    expect(drawCount({ ...stand, done: 5000 })).toBe('sent 5000/5000  3 rejected');
    expect(drawCount({ ...stand, perSecond: 0 })).toBe('sent 1200/5000  0/s  3 rejected');
    expect(drawCount({ ...stand, perSecond: 1.25, note: '' })).toBe(
      'sent 1200/5000  1.3/s  50 min 40 s left',
    );
  });
});

describe('the rate', () => {
  it('is not known in the first second', () => {
    const pace = new Pace();
    expect(pace.perSecond(0, 0)).toBeUndefined();
    expect(pace.perSecond(50, 900)).toBeUndefined();
    expect(pace.perSecond(100, 2000)).toBe(50);
  });

  it('is that of the last ten seconds', () => {
    const pace = new Pace();
    for (let second = 0; second <= 60; second += 1) pace.perSecond(second * 100, second * 1000);
    expect(pace.perSecond(6000, 70_000)).toBe(0);
    expect(pace.perSecond(6100, 80_000)).toBe(10);
  });
});

describe('without a terminal', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it('there is a line every two seconds, and one at the end', () => {
    jest.useFakeTimers();
    const said: string[] = [];
    const terminal = { json: false, interactive: false, note: (line: string) => said.push(line) };
    const progress = startProgress('done', 400, terminal);
    for (let done = 0; done <= 400; done += 100) {
      progress.update(done, `${done / 100} not completed`);
      jest.advanceTimersByTime(1000);
    }
    progress.end();
    expect(said).toEqual([
      'done 200/400  100/s  2 s left  2 not completed',
      'done 400/400  4 not completed',
    ]);
  });

  it('with --json, there is nothing', () => {
    const note = jest.fn();
    const progress = startProgress('done', 400, { json: true, interactive: false, note });
    progress.update(400);
    progress.end();
    expect(note).not.toHaveBeenCalled();
  });
});
