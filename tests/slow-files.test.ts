import { existsSync } from 'node:fs';
import { expect, it } from '@jest/globals';

/** JavaScript, which Jest loads by itself; it has no types. */
const LIST: string = './slow-files.js';
const { SECONDS } = await import(LIST);

it('every file that is listed as slow is there', () => {
  const names = Object.keys(SECONDS);
  expect(names.length).toBeGreaterThan(0);
  const gone = names.filter((name) => !existsSync(new URL(`./${name}.test.ts`, import.meta.url)));
  expect(gone).toEqual([]);
});
