import { describe, expect, it } from '@jest/globals';
import { clipped, openScreen } from '../../src/cli/screen.ts';
import { cutTo, fold, textWidth } from '../../src/cli/text-width.ts';

describe('the width of a text', () => {
  it.each([
    ['resize', 6],
    ['\u001B[31mred\u001B[39m', 3],
    ['größe', 5],
    ['e\u0301', 1],
    ['写真', 4],
    ['サイズ', 6],
    ['한글', 4],
    ['✓ done', 6],
    ['🚀', 2],
    ['👩‍🚀', 2],
    ['', 0],
  ])('of %j is %i columns', (text, columns) => {
    expect(textWidth(text)).toBe(columns);
  });

  it('is cut between characters, never in one', () => {
    expect(cutTo('写真サイズ', 6)).toBe('写真…');
    expect(cutTo('写真', 4)).toBe('写真');
    expect(cutTo('resize', 4)).toBe('res…');
    expect(cutTo('\u001B[31mresize\u001B[39m', 4)).toBe('res…');
  });

  it('is folded between words, in words that are wider than a line, and never in a character', () => {
    expect(fold('no paper in it', 14)).toEqual(['no paper in it']);
    expect(fold('no paper in it', 8)).toEqual(['no paper', 'in it']);
    expect(fold('no paper in it', 7)).toEqual(['no', 'paper', 'in it']);
    expect(fold('a 写真サイズ', 5)).toEqual(['a', '写真', 'サイ', 'ズ']);
    expect(fold('写真', 1)).toEqual(['写', '真']);
    expect(fold('one two three four', 5, 2)).toEqual(['one', 'two …']);
  });
});

describe('a screen', () => {
  it('shows as many lines as it has, says how many are left out, and cuts long ones', () => {
    const text = ['one', 'two is long', 'three', 'four'].join('\n');
    expect(clipped(text, { rows: 3, columns: 8 })).toBe('one\ntwo is …\n… 2 mor…');
    expect(clipped(text, { rows: 4, columns: 40 })).toBe(text);
    expect(clipped('x'.repeat(100), {})).toHaveLength(80);
  });

  it('is another one while it is open: what stood in the terminal comes back', () => {
    let written = '';
    const output = { rows: 2, columns: 10, write: (text: string) => (written += text) };
    const screen = openScreen(output);
    expect(written).toContain('\u001B[?1049h');
    screen.draw('a\nb\nc');
    expect(written).toMatch(/a\n… 2 more …$/);
    output.rows = 3;
    screen.draw('a\nb\nc');
    expect(written).toMatch(/a\nb\nc$/);
    screen.leave();
    expect(written.endsWith('\u001B[?25h\u001B[?1049l')).toBe(true);
  });
});
