import { expect, it } from '@jest/globals';
import { EndedAttempts } from '../../src/sdk/ended-attempts.ts';

it('the latest thousand attempts that have ended here are known, and no other', () => {
  const ended = new EndedAttempts();
  for (let n = 0; n <= 1000; n += 1) ended.add(`t${n}`);
  expect(ended.has('t0')).toBe(false);
  expect(ended.has('t1')).toBe(true);
  expect(ended.has('t1000')).toBe(true);
  expect(ended.has('t1001')).toBe(false);
});
