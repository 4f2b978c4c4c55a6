import { expect, it } from '@jest/globals';
import type { RegistrationWeather } from './registrations.ts';
import { runRegistrations } from './registrations.ts';
import { seedFor } from './seed.ts';
import { WEATHERS } from './weather.ts';

const SEED = Number(process.env.BATON_SEED ?? 20261125);
const STACKS = 60;

const doubles = 0.1;

const WORST: RegistrationWeather = {
  weather: { ...WEATHERS.earthquake, doubles },
  lateCopies: true,
};

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
}, 600_000);

it(
  'also when requests come late and out of order, and processes die',
  () => playAll(WORST),
  600_000,
);
