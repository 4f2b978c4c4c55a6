import { expect, it } from '@jest/globals';
import { violationsOf } from './checks.ts';
import { play, worldSeed } from './play.ts';
import { scenarioFrom } from './scenario.ts';
import type { WeatherName } from './weather.ts';
import { WEATHERS } from './weather.ts';
import { runWorld } from './world.ts';

const HOUR = 3_600_000;

/** More of them: `npm run simulate -- --theme each`. */
const SEEDS = [0, 1].map((index) => worldSeed(20261126, index));

it.each<WeatherName>(['earthquake', 'hurricane'])(
  'orders with a task per element end as in the sequential model, in a world of %s',
  async (weather) => {
    for (const seed of SEEDS) {
      const { violations } = await play(seed, weather, { theme: 'each' });
      expect({ seed, violations }).toEqual({ seed, violations: [] });
    }
  },
  HOUR,
);

it(
  'a process may die before and after each single call of an order with a list',
  async () => {
    const scenario = scenarioFrom(10, 1, 'each');
    const { places } = await runWorld(scenario, WEATHERS.calm);
    for (let diesAt = 1; diesAt <= places; diesAt += 1) {
      const found = violationsOf(await runWorld(scenario, { ...WEATHERS.calm, diesAt }));
      expect({ diesAt, found }).toEqual({ diesAt, found: [] });
    }
    expect(places).toBeGreaterThan(40);
  },
  HOUR,
);
