import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { expect, it } from '@jest/globals';
import { listening } from '../../examples/demo/listening.ts';
import { approve, card, flight, hotel } from '../../plugins/travel/handler.ts';
import type { PluginHandler } from '../../src/sdk/define-plugin.ts';
import { performOnce } from '../../src/sdk/testing.ts';

type Trip = typeof trip;
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

it('each plugin takes its part back', async () => {
  const ending = { status: 'cancelled', reason: 'ill' } as const;
  const result = { ...trip, flight: 'o-1/flight', room: 'o-1/room', charge: 'o-1/charge' };
  const takenBack = async <Result>(plugin: Pick<PluginHandler<Trip, Result>, 'work'>) => {
    const { status, logged } = await performOnce(plugin, trip, { compensate: { result, ending } });
    return [status, ...logged.map(({ message }) => message)];
  };
  expect(await takenBack(flight)).toEqual(['completed', 'flight cancelled']);
  expect(await takenBack(hotel)).toEqual(['completed', 'room given back']);
  expect(await takenBack(card)).toEqual(['completed', 'refunded']);
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

it('a cheap trip needs no approval, and a dear one waits for whoever has its token', async () => {
  expect(await performOnce(approve, trip)).toMatchObject({ status: 'completed', result: trip });
  const asked: unknown[] = [];
  const desk = await listening(
    createServer(async (request, response) => {
      asked.push(await json(request));
      response.end();
    }),
  );
  process.env.DESK_URL = desk.url;
  const dear = { ...trip, price: 4000 };
  const performed = await performOnce(approve, dear, { orderId: 'o-1' });
  delete process.env.DESK_URL;
  desk.stop();
  expect(performed).toMatchObject({ status: 'deferred' });
  const { token } = performed as { token: string };
  expect(asked).toEqual([{ trip: dear, orderId: 'o-1', token }]);
  expect(await performOnce(approve, dear)).toMatchObject({ error: { code: 'NOBODY_TO_ASK' } });
});
