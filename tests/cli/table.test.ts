import { describe, expect, it } from '@jest/globals';
import { table } from '../../src/cli/table.ts';

const paint = (_style: string, text: string) => text;

const linesAt = (columns: number | undefined, ...rows: readonly Row[]) =>
  table(rows, COLUMNS, { paint, columns }).split('\n');

interface Row {
  readonly order: string;
  readonly n?: number;
  readonly attributes?: string;
  readonly error?: string;
}

const COLUMNS = [
  { title: 'order', value: ({ order }: Row) => order },
  { title: 'n', value: ({ n }: Row) => n, align: 'right' },
  { title: 'attributes', value: ({ attributes }: Row) => attributes, flexible: true },
  { title: 'error', value: ({ error }: Row) => error, flexible: true, optional: true },
] as const;

const long = { order: 'o-1', n: 7, attributes: 'a'.repeat(20), error: '写'.repeat(10) };

describe('a table', () => {
  it('lines up wide and narrow words, and says where there is nothing', () => {
    expect(linesAt(undefined, { order: '写真', n: 1 }, { order: 'photo', n: 22 })).toEqual([
      'order   n  attributes',
      '写真    1  -',
      'photo  22  -',
    ]);
  });

  it('cuts its flexible columns where the terminal is narrow, the last one first', () => {
    const line = (columns?: number) => linesAt(columns, long)[1];
    const whole = `o-1    7  ${'a'.repeat(20)}  ${'写'.repeat(10)}`;
    expect(line()).toBe(whole);
    expect(line(52)).toBe(whole);
    expect(line(48)).toBe(`o-1    7  ${'a'.repeat(20)}  ${'写'.repeat(7)}…`);
    expect(line(44)).toBe(`o-1    7  ${'a'.repeat(15)}…  ${'写'.repeat(7)}…`);
  });

  it('is a block of lines a row, where cutting is not enough', () => {
    expect(linesAt(35, long, { order: 'o-2', n: 8, attributes: 'few' })).toEqual([
      'o-1  n 7',
      `  attributes ${'a'.repeat(20)}`,
      `  error ${'写'.repeat(10)}`,
      'o-2  n 8  attributes few',
    ]);
  });

  it('folds a value of such a block into three lines at most, which are its own', () => {
    expect(linesAt(12, { order: 'o-1', attributes: 'a'.repeat(50), error: 'no' })).toEqual([
      ...['o-1', '  attributes', '  aaaaaaaaaa', '  aaaaaaaaa…', '  error no'],
    ]);
  });
});
