import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { elementsOf, lossesIn } from '../../src/contract/json-scan.ts';

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
