import { describe, expect, it } from '@jest/globals';
import * as arithmetic from '../../plugins/arithmetic/handler.ts';
import { performOnce } from '../../src/sdk/testing.ts';

describe('arithmetic', () => {
  it('A adds 2 and B doubles', async () => {
    expect(await performOnce(arithmetic.a, 5)).toMatchObject({ result: 7 });
    expect(await performOnce(arithmetic.b, 7)).toMatchObject({ result: 14 });
  });

  it.each([
    ['x', 'the input is a number, not of type string'],
    [null, 'the input is a number, not null'],
    [{ A: 7, B: 10 }, 'the input is a number, not of type object'],
  ])('%j is refused for good', async (input, message) => {
    expect(await performOnce(arithmetic.a, input)).toMatchObject({
      status: 'failed',
      retry: 'never',
      error: { code: 'NOT_A_NUMBER', message },
    });
  });
});
