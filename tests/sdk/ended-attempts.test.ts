import { expect, it } from '@jest/globals';
import { EndedAttempts } from '../../src/sdk/ended-attempts.ts';

it('an attempt that has ended here is asked for after 2, 4, 8 … 60 seconds; of any other, nothing is known', () => {
  const ended = new EndedAttempts();
  expect(ended.secondsUntilHeard('a')).toBeUndefined();
  expect(ended.add('a')).toBe(2);
  const asked = [1, 2, 3, 4, 5, 6].map(() => ended.secondsUntilHeard('a'));
  expect(asked).toEqual([4, 8, 16, 32, 60, 60]);
  expect(ended.secondsUntilHeard('b')).toBeUndefined();
});

it('the latest thousand are kept: those that nobody has asked for go first', () => {
  const ended = new EndedAttempts();
  for (let n = 0; n < 1000; n += 1) ended.add(`t${n}`);
  ended.secondsUntilHeard('t0');
  ended.add('t1000');
  expect(ended.secondsUntilHeard('t0')).toBe(8);
  expect(ended.secondsUntilHeard('t1')).toBeUndefined();
  expect(ended.secondsUntilHeard('t2')).toBe(4);
});
