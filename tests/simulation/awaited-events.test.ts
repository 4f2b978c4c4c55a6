import { expect, it } from '@jest/globals';
import type { SmallWorlds } from './killed-at-each-call.ts';
import { killedAtEachCall, playWorlds } from './outside-jest.ts';
import type { WeatherName } from './weather.ts';

const HOUR = 3_600_000;

it.each<WeatherName>(['drizzle', 'hurricane'])(
  'orders that wait for events end as in the sequential model, and take what came first, in a world of %s',
  async (weather) => {
    // More of them: `npm run simulate -- --theme events`.
    const { broken } = await playWorlds({ seed: 20261126, count: 1, weather, theme: 'events' });
    expect(broken).toEqual([]);
  },
  HOUR,
);

/** An order that finds events when it begins to wait, under a key and for it alone; and one that is woken, and tried again. */
const SMALL: SmallWorlds = [
  [370, 'events', 0],
  [146, 'events', 0],
];

it(
  'a process may die before and after each single call of an order that waits for an event, and of who sends it',
  async () => {
    const { broken, deaths, died } = await killedAtEachCall(SMALL);
    expect(broken).toEqual([]);
    expect([...died]).toEqual(expect.arrayContaining(['event']));
    expect(deaths).toBeGreaterThan(40);
  },
  HOUR,
);
