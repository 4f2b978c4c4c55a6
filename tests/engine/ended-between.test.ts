import { expect, it } from '@jest/globals';
import type { OrderState } from '../../src/core/order.ts';
import { endedBetween } from '../../src/engine/ended-between.ts';

const at = (status: string, endedAt?: number) =>
  ({ status, ...(endedAt !== undefined && { endedAt }) }) as unknown as OrderState;

it.each([
  ['has ended', at('running'), at('completed', 1), true],
  ['has not ended', at('running'), at('waiting'), false],
  ['has ended as before', at('failed', 1), at('failed', 1), false],
  ['goes on again', at('failed', 1), at('running'), false],
  ['has failed again', at('failed', 1), at('failed', 2), true],
  [
    'has completed in the instant in which it had failed',
    at('failed', 1),
    at('completed', 1),
    true,
  ],
])('an order that %s', (_, before, after, anew) => {
  expect(endedBetween(before, after)).toBe(anew);
});
