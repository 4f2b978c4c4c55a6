import { expect, it } from '@jest/globals';
import { defined } from '../../src/core/defined.ts';

it('an object is the same before and after JSON: what is undefined is left out, what is empty stays', () => {
  const fields = defined({ a: undefined, b: null, c: '', d: 0, e: false, f: { g: undefined } });
  expect(Object.keys(fields)).toEqual(['b', 'c', 'd', 'e', 'f']);
});
