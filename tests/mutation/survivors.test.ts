import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { accepted } from './accepted.ts';
import { BY_HAND } from './by-hand.ts';
import { compared } from './survivors.ts';

const FILE = 'src/core/one.ts';
const source = ['function two() {', '  return 1 +', '    1;', '}'].join('\n');
const sum = { file: FILE, line: 'return 1 +', was: '1 + 1', becomes: '1 - 1' };

const reportOf = (...statuses: readonly string[]) => ({
  files: {
    [FILE]: {
      source,
      mutants: statuses.map((status) => ({
        status,
        replacement: '1 - 1',
        location: { start: { line: 2, column: 10 }, end: { line: 3, column: 6 } },
      })),
    },
  },
});

it.each(['Survived', 'NoCoverage'])('a mutant that is not on the list is told: %s', (status) => {
  expect(compared(reportOf('Killed', status), [])).toEqual({ unexpected: [sum], outdated: [] });
});

it('a mutant on the list may survive', () => {
  const list = [{ reason: 'some', mutants: [sum] }];
  expect(compared(reportOf('Survived'), list)).toEqual({ unexpected: [], outdated: [] });
});

it('a mutant on the list that does not survive any more is told', () => {
  const list = [{ reason: 'some', mutants: [sum, { ...sum, file: 'src/core/another.ts' }] }];
  expect(compared(reportOf('Killed', 'Timeout'), list)).toEqual({
    unexpected: [],
    outdated: [sum],
  });
});

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

it('what the lists speak of stands in the code', () => {
  for (const { file, line } of accepted.flatMap(({ mutants }) => mutants)) {
    expect({
      file,
      lines: read(file)
        .split('\n')
        .map((one) => one.trim()),
    }).toEqual({
      file,
      lines: expect.arrayContaining([line]),
    });
  }
  for (const { title, file, was } of BY_HAND) {
    expect({ title, stands: read(file).split(was).length - 1 }).toEqual({ title, stands: 1 });
  }
});
