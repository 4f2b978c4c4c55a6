import { expect, it } from '@jest/globals';
import { card, flight, hotel } from '../../plugins/travel/handler.ts';
import { performOnce } from '../../src/sdk/testing.ts';

const trip = { to: 'Oslo', price: 400 };

it('each plugin books its part, under a reference that is the same however often it books', async () => {
  const booked = (part: string) => ({
    status: 'completed',
    result: { ...trip, [part]: `o-1/${part}` },
  });
  for (const attempt of [1, 2]) {
    const setting = (job: string) => ({ orderId: 'o-1', job, attempt });
    expect(await performOnce(flight, trip, setting('flight'))).toMatchObject(booked('flight'));
    expect(await performOnce(hotel, trip, setting('room'))).toMatchObject(booked('room'));
    expect(await performOnce(card, trip, setting('charge'))).toMatchObject(booked('charge'));
  }
});

it('the card is declined for good above its limit', async () => {
  expect(await performOnce(card, { ...trip, price: 1001 })).toMatchObject({
    status: 'failed',
    error: { code: 'CARD_DECLINED' },
    retry: 'never',
  });
});

it.each([null, 5, {}, { to: 5, price: 5 }, { to: 'Oslo', price: '5' }])(
  '%j is no trip',
  async (input) => {
    expect(await performOnce(hotel, input)).toMatchObject({ error: { code: 'NO_TRIP' } });
  },
);
