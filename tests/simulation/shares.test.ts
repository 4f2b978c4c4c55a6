import { expect, it } from '@jest/globals';
import { killedAtEachCall, playWorlds } from './outside-jest.ts';
import type { WeatherName } from './weather.ts';

const HOUR = 3_600_000;

it.each<WeatherName>(['calm', 'earthquake', 'hurricane'])(
  'a plugin never has more tasks of one client than it takes at once, and nobody waits in vain, in a world of %s',
  async (weather) => {
    // More of them: `npm run simulate -- --theme clients`.
    const { broken, waits } = await playWorlds({ seed: 51, count: 2, weather, theme: 'clients' });
    expect(broken).toEqual([]);
    expect(waits).toBeGreaterThan(10);
  },
  HOUR,
);

it(
  'at each call a process may die where tasks of one client wait for their turn, and no turn is lost',
  async () => {
    const { broken, deaths, died, released } = await killedAtEachCall([[86, 'clients', 0]], 3);
    expect(broken).toEqual([]);
    expect([...died]).toEqual(expect.arrayContaining(['orchestrate', 'sweep']));
    expect(released.byTurn).toBeGreaterThan(1);
    expect(deaths).toBeGreaterThan(150);
  },
  HOUR,
);
