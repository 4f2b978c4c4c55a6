import { afterAll, describe, expect, it } from '@jest/globals';
import { playWorlds } from './outside-jest.ts';
import type { Theme } from './scenario.ts';
import type { WeatherName } from './weather.ts';

/** More of them: `BATON_RUNS=20000`, or `npm run simulate`. The same ones again: `BATON_SEED`. */
const WORLDS = Number(process.env.BATON_RUNS ?? 10);
/** Worlds of the theme quarantine: their orders are tried over and over, so that one takes as long as ten others. */
const QUARANTINED = Math.ceil(WORLDS / 10);
const SEED = Number(process.env.BATON_SEED ?? 20261125);

const HOURS = 10 * 3_600_000;

const seen = { orders: 0, entries: 0 };

async function playAll(weather: WeatherName, theme?: Theme, count = WORLDS): Promise<void> {
  const { orders, entries, broken } = await playWorlds({ seed: SEED, count, weather, theme });
  seen.orders += orders;
  seen.entries += entries;
  expect(broken).toEqual([]);
}

describe('whatever befalls it, every order ends as in a plain sequential model', () => {
  console.log(`simulated worlds: ${WORLDS} of each weather, BATON_SEED=${SEED}`);

  it('when nothing befalls it', () => playAll('calm'), HOURS);

  it(
    'when messages come twice and out of order, reads are stale, and clocks differ',
    () => playAll('drizzle'),
    HOURS,
  );

  it('when calls fail, and services are out of order', () => playAll('brownout'), HOURS);

  it('when processes die and calls fail', () => playAll('earthquake'), HOURS);

  it('when all of that happens, and clients give up', () => playAll('hurricane'), HOURS);

  it(
    'when plugins leave their tasks to others, who answer early, late, twice and under forged tokens',
    async () => {
      for (const weather of ['drizzle', 'hurricane'] as const) {
        await playAll(weather, 'callbacks', Math.ceil(WORLDS / 5));
      }
    },
    HOURS,
  );

  it.each<WeatherName>(['brownout', 'earthquake'])(
    'when plugins are quarantined in a %s',
    (weather) => playAll(weather, 'quarantine', QUARANTINED),
    HOURS,
  );

  afterAll(() => {
    console.log(`${seen.orders} orders, ${seen.entries} journal entries`);
  });
});
