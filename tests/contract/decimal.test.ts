import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isSameNumber } from '../../src/contract/decimal.ts';

/** The value of digits and an exponent, exactly, as a whole number of units of 10^-400. */
function exact(written: string): bigint {
  const [mantissa = '', exponent = '0'] = written.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return BigInt(whole + fraction) * 10n ** BigInt(400 + Number(exponent) - fraction.length);
}

describe('a number is the same as it was written', () => {
  it('exactly if its decimal value is, whatever the zeros, the point and the exponent', () => {
    const written = fc
      .tuple(
        fc.oneof(fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.bigInt({ min: 0n, max: 999n })),
        fc.option(fc.stringMatching(/^\d{1,20}$/), { nil: undefined }),
        fc.option(fc.integer({ min: -40, max: 40 }), { nil: undefined }),
      )
      .map(([whole, fraction, exponent]) =>
        [whole, fraction && `.${fraction}`, exponent !== undefined && `e${exponent}`]
          .filter((part) => part !== undefined && part !== false)
          .join(''),
      );
    fc.assert(
      fc.property(written, (text) => {
        const value = Number(text);
        expect([text, isSameNumber(text, value)]).toEqual([
          text,
          exact(text) === exact(String(value)),
        ]);
      }),
      { numRuns: 3000 },
    );
  });

  it('and never if it is not finite', () => {
    expect(isSameNumber('1e400', Number('1e400'))).toBe(false);
    expect(isSameNumber('-1e400', Number('-1e400'))).toBe(false);
  });
});
