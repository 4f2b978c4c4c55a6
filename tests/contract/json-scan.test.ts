import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { elementsOf, lossesIn, memberOf, pathBelow } from '../../src/contract/json-scan.ts';
import { isTooDeep } from '../../src/contract/message-text.ts';

const json = fc.jsonValue({ noUnicodeString: false });

it('what JSON.stringify writes is read without a loss, however it is spaced', () => {
  fc.assert(
    fc.property(json, fc.nat(3), (value, indent) => {
      const text = JSON.stringify(value, undefined, indent);
      const hasPrototype =
        text.includes('__proto__') || !text.isWellFormed() || /\\ud[89a-f]/.test(text);
      fc.pre(!hasPrototype);
      expect(lossesIn(text)).toEqual([]);
    }),
  );
});

it('the elements of an array are those that JSON.parse finds', () => {
  fc.assert(
    fc.property(fc.array(json), fc.nat(3), (values, indent) => {
      const text = ` ${JSON.stringify(values, undefined, indent)}\n`;
      expect(elementsOf(text).map((one) => JSON.parse(one) as unknown)).toEqual(JSON.parse(text));
    }),
  );
});

it('the value of a member is the one that JSON.parse finds, also where its key stands there twice', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), json), json, fc.nat(3), (others, value, indent) => {
      const parts = [...Object.entries(others), ['answers', value] as const].map(
        ([key, one]) => `${JSON.stringify(key)} : ${JSON.stringify(one, undefined, indent)}`,
      );
      const text = ` {${parts.join(' ,\n')} } `;
      const found = memberOf(text, 'answers');
      expect(JSON.parse(found ?? '')).toEqual(JSON.parse(text).answers);
    }),
  );
  expect(memberOf('{"answers":[1],"answers":[2]}', 'answers')).toBe('[2]');
  expect(memberOf('{}', 'answers')).toBeUndefined();
});

it('the path to where a text nests too deep leads there', () => {
  const at = (value: unknown, [key, ...rest]: readonly (string | number)[]): unknown =>
    key === undefined ? value : at((value as Record<string | number, unknown>)[key], rest);
  fc.assert(
    fc.property(json, fc.nat(3), fc.nat(3), (value, limit, indent) => {
      const text = JSON.stringify(value, undefined, indent);
      fc.pre(!text.includes('\\'));
      const path = pathBelow(text, limit);
      expect(path !== undefined).toBe(isTooDeep(text, limit));
      if (path === undefined) return;
      expect(path).toHaveLength(limit);
      expect(typeof at(JSON.parse(text), path)).toBe('object');
    }),
  );
});
