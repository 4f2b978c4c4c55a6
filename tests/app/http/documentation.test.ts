import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { HTTP_CALLS } from '../../../src/contract/http-calls.ts';
import { PROBLEMS } from '../../../src/contract/problem.ts';

const page = readFile('docs/api.md', 'utf8');

it('the table of problems in docs/api.md is the catalogue', async () => {
  const rows = (await page).match(/^\| `[A-Z_]+` \| \d{3} \|.*$/gm);
  const catalogue = Object.entries(PROBLEMS).map(
    ([code, { status, title }]) => `| \`${code}\` | ${status} | ${title} |`,
  );
  expect(rows).toEqual(catalogue);
});

it('docs/api.md speaks of every address', async () => {
  const text = await page;
  const addresses = new Set(HTTP_CALLS.map(({ path }) => path.split('/')[1] ?? ''));
  expect([...addresses].filter((address) => !text.includes(`/${address}`))).toEqual([]);
});
