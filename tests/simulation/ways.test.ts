import { expect, it } from '@jest/globals';
import type { SmallWorlds } from './killed-at-each-call.ts';
import { killedAtEachCall, playWorlds } from './outside-jest.ts';

const HOUR = 3_600_000;

const WORLDS: SmallWorlds = [
  // One choice stands in a branch of another.
  [29, 'ways', 0],
  // Its first choice cannot be made.
  [68, 'ways', 0],
];

it(
  'orders with choices among activities end as in the sequential model, in a world of a hurricane',
  async () => {
    // More of them: `npm run simulate -- --theme ways`.
    const worlds = { seed: 3, count: 2, weather: 'hurricane', theme: 'ways' } as const;
    expect((await playWorlds(worlds)).broken).toEqual([]);
  },
  HOUR,
);

it(
  'a process may die before and after each single call of an order that comes to such a choice',
  async () => {
    const { broken, deaths } = await killedAtEachCall(WORLDS);
    expect(broken).toEqual([]);
    expect(deaths).toBeGreaterThan(80);
  },
  HOUR,
);
