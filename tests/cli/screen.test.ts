import { describe, expect, it } from '@jest/globals';
import { clipped, openScreen } from '../../src/cli/screen.ts';
import { table } from '../../src/cli/table.ts';
import { cutTo, textWidth } from '../../src/cli/text-width.ts';

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

  it('lines up a table of wide and narrow words', () => {
    const rows = [
      { name: '写真', n: 1 },
      { name: 'photo', n: 22 },
    ];
    const picture = table(rows, [
      { title: 'name', value: ({ name }) => name },
      { title: 'n', value: ({ n }) => n, align: 'right' },
    ]);
    expect(picture.split('\n')).toEqual(['name    n', '写真    1', 'photo  22']);
  });

  it('cuts the flexible columns of a table where the terminal is narrow, the last one first', () => {
    const rows = [{ order: 'o-1', attributes: 'a'.repeat(20), error: '写'.repeat(10) }];
    const columns = [
      { title: 'order', value: ({ order }: (typeof rows)[0]) => order },
      {
        title: 'attributes',
        value: ({ attributes }: (typeof rows)[0]) => attributes,
        flexible: true as const,
      },
      { title: 'error', value: ({ error }: (typeof rows)[0]) => error, flexible: true as const },
    ];
    const line = (room?: number) => table(rows, columns, undefined, room).split('\n')[1];
    const whole = `o-1    ${'a'.repeat(20)}  ${'写'.repeat(10)}`;
    expect(line()).toBe(whole);
    expect(line(49)).toBe(whole);
    expect(line(45)).toBe(`o-1    ${'a'.repeat(20)}  ${'写'.repeat(7)}…`);
    expect(line(36)).toBe(`o-1    ${'a'.repeat(14)}…  ${'写'.repeat(5)}…`);
    // No narrower than 12 columns each: what is left of it would tell nothing.
    expect(line(10)).toBe(`o-1    ${'a'.repeat(11)}…  ${'写'.repeat(5)}…`);
  });

  it('is cut between characters, never in one', () => {
    expect(cutTo('写真サイズ', 6)).toBe('写真…');
    expect(cutTo('写真', 4)).toBe('写真');
    expect(cutTo('resize', 4)).toBe('res…');
    expect(cutTo('\u001B[31mresize\u001B[39m', 4)).toBe('res…');
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
