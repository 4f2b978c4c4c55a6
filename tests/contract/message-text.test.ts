import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isTooDeep, MAX_JSON_DEPTH, messageText } from '../../src/contract/message-text.ts';

const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

it('a text is too deep from one level above the limit on', () => {
  expect(isTooDeep(nested(MAX_JSON_DEPTH))).toBe(false);
  expect(isTooDeep(nested(MAX_JSON_DEPTH + 1))).toBe(true);
  expect(isTooDeep('[{}]', 2)).toBe(false);
  expect(isTooDeep('[{}]', 1)).toBe(true);
});

it('brackets in strings are none, also in what is no JSON', () => {
  const STRINGS = /"(?:[^"\\]|\\[\s\S]?)*(?:"|$)/g;
  const depthOf = (text: string) => {
    let [depth, most] = [0, 0];
    for (const character of text.replace(STRINGS, '')) {
      if ('[{'.includes(character)) depth += 1;
      if (']}'.includes(character)) depth -= 1;
      most = Math.max(most, depth);
    }
    return most;
  };
  const text = fc.string({
    unit: fc.constantFrom('"', '\\', '[', ']', '{', '}', 'a'),
    maxLength: 40,
  });
  fc.assert(
    fc.property(text, fc.nat(6), (one, limit) => {
      expect(isTooDeep(one, limit)).toBe(depthOf(one) > limit);
    }),
    { numRuns: 2000 },
  );
});

it('the characters that no queue takes are escaped, and JSON says the same', () => {
  const value = { a: '\ufffe\uffff\ufffd' };
  const text = messageText(JSON.stringify(value));
  expect(text).toBe('{"a":"\\ufffe\\uffff\ufffd"}');
  expect(JSON.parse(text)).toEqual(value);
});
