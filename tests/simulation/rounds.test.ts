import { expect, it } from '@jest/globals';
import type { SmallWorlds } from './killed-at-each-call.ts';
import { killedAtEachCall, playWorlds } from './outside-jest.ts';

const HOUR = 3_600_000;

const WORLDS: SmallWorlds = [[38, 'rounds', 0]];

it(
  'orders of repeated activities end as in the sequential model, in a world of a hurricane',
  async () => {
    // More of them: `npm run simulate -- --theme rounds`.
    const worlds = { seed: 3, count: 1, weather: 'hurricane', theme: 'rounds' } as const;
    expect((await playWorlds(worlds)).broken).toEqual([]);
  },
  HOUR,
);

it(
  'a process may die before and after each single call of an order in its second round',
  async () => {
    const { broken, deaths } = await killedAtEachCall(WORLDS);
    expect(broken).toEqual([]);
    expect(deaths).toBeGreaterThan(100);
  },
  HOUR,
);
