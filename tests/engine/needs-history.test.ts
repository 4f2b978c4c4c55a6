import { expect, it } from '@jest/globals';
import { needsHistory } from '../../src/engine/needs-history.ts';

it('the history is read only for expressions that look at it', () => {
  expect(needsHistory(['attributes.priority', { a: 'payload' }])).toBe(false);
  expect(needsHistory([{ a: ['$jobs.x'] }])).toBe(true);
  expect(needsHistory(['input.size'])).toBe(true);
  expect(needsHistory(['payload', { a: 'payload', b: 'input' }])).toBe(true);
});
