import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { MENDED, NOT_VERIFIED } from '../../infra/verify/gaps.ts';

const readPage = () => readFile(new URL('../../docs/verify.md', import.meta.url), 'utf8');

it.each([...MENDED, ...NOT_VERIFIED])('docs/verify.md lists the gap $what', async (gap) => {
  expect(await readPage()).toContain(`| ${gap.what} | ${gap.symptom} | ${gap.here} |`);
});
