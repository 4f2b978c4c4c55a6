import { expect, it } from '@jest/globals';
import type { SmallWorlds } from './killed-at-each-call.ts';
import { killedAtEachCall, playWorlds } from './outside-jest.ts';
import type { WeatherName } from './weather.ts';

const HOUR = 3_600_000;

it.each<WeatherName>(['earthquake', 'hurricane'])(
  'orders with child orders end as in the sequential model, and so do the children, in a world of %s',
  async (weather) => {
    // More of them: `npm run simulate -- --theme children`.
    const { broken } = await playWorlds({ seed: 20261126, count: 2, weather, theme: 'children' });
    expect(broken).toEqual([]);
  },
  HOUR,
);

/** Three tasks in a row of which the second is a child order; once it is cancelled. */
const SMALL: SmallWorlds = [
  [1590, 'children', 0],
  [1590, 'children', 1],
];

it(
  'a process may die before and after each single call of an order with a child order',
  async () => {
    const { broken, deaths } = await killedAtEachCall(SMALL);
    expect(broken).toEqual([]);
    expect(deaths).toBeGreaterThan(40);
  },
  HOUR,
);
