import { expect, it } from '@jest/globals';
import { killedAtEachCall, playWorlds } from './outside-jest.ts';
import type { WeatherName } from './weather.ts';

const HOUR = 3_600_000;

it.each<WeatherName>(['earthquake', 'hurricane'])(
  'orders with a task per element end as in the sequential model, in a world of %s',
  async (weather) => {
    // More of them: `npm run simulate -- --theme each`.
    const { broken } = await playWorlds({ seed: 20261126, count: 1, weather, theme: 'each' });
    expect(broken).toEqual([]);
  },
  HOUR,
);

it(
  'a process may die before and after each single call of an order with a list',
  async () => {
    const { broken, deaths } = await killedAtEachCall([[10, 'each', 0]]);
    expect(broken).toEqual([]);
    expect(deaths).toBeGreaterThan(40);
  },
  HOUR,
);
