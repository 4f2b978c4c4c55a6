import { expect, it } from '@jest/globals';
import { LATE_COPIES_ARE_BORNE } from './known-faults.ts';
import type { RegistrationWeather } from './registrations.ts';
import { runRegistrations } from './registrations.ts';
import { seedFor } from './seed.ts';
import { WEATHERS } from './weather.ts';

const SEED = Number(process.env.BATON_SEED ?? Date.now() % 2 ** 31);
const STACKS = 60;

const doubles = 0.1;

/** An invocation that died or failed is tried again a minute later, which makes of a copy a late one. */
const WORST: RegistrationWeather = LATE_COPIES_ARE_BORNE
  ? { weather: { ...WEATHERS.earthquake, doubles }, lateCopies: true }
  : { weather: { ...WEATHERS.brownout, doubles: 0, slow: 0 }, lateCopies: false };

async function playAll(weather: RegistrationWeather): Promise<void> {
  for (let index = 0; index < STACKS; index += 1) {
    const seed = seedFor(SEED, index);
    const { registered, expected } = await runRegistrations(seed, weather);
    expect({ seed, registered }).toEqual({ seed, registered: expected });
  }
}

console.log(`registrations: ${STACKS} stacks of each weather, BATON_SEED=${SEED}`);

it('a plugin is registered as its stack said last, although each request may come twice', async () => {
  await playAll({ weather: { ...WEATHERS.drizzle, doubles }, lateCopies: false });
}, 60_000);

it('also in the worst weather that it bears', () => playAll(WORST), 60_000);
