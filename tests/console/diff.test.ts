import { describe, expect, it } from '@jest/globals';
import { lineDiff } from '../../src/console/workflows/line-diff.ts';

const diff = (before: string[], after: string[]) =>
  lineDiff(before.join('\n'), after.join('\n')).map(({ sign, text }) => `${sign}${text}`);

describe('what changed between two texts', () => {
  it.each([
    [
      ['a', 'b'],
      ['a', 'b'],
      [' a', ' b'],
    ],
    [
      ['a', 'c'],
      ['a', 'b', 'c'],
      [' a', '+b', ' c'],
    ],
    [
      ['a', 'b', 'c'],
      ['a', 'c'],
      [' a', '-b', ' c'],
    ],
    [
      ['a', 'b', 'c'],
      ['a', 'x', 'c'],
      [' a', '-b', '+x', ' c'],
    ],
    [['a'], ['b'], ['-a', '+b']],
  ])('from %j to %j', (before, after, lines) => {
    expect(diff(before, after)).toEqual(lines);
  });

  it('rebuilds both texts', () => {
    const [before, after] = [
      ['a', 'b', 'a', 'c', 'd'],
      ['c', 'a', 'd', 'b', 'd'],
    ];
    const lines = diff(before, after);
    const side = (sign: string) =>
      lines.filter((line) => [' ', sign].includes(line[0] ?? '')).map((line) => line.slice(1));
    expect([side('-'), side('+')]).toEqual([before, after]);
  });
});
