import { expect, it } from '@jest/globals';
import type { SmallWorlds } from './killed-at-each-call.ts';
import { killedAtEachCall, playWorlds } from './outside-jest.ts';

const HOUR = 3_600_000;

const WORLDS: SmallWorlds = [
  [58, 'branches', 0],
  // Its choice cannot be made.
  [54, 'branches', 0],
];

it(
  'orders with choices end as in the sequential model, in a world of a hurricane',
  async () => {
    // More of them: `npm run simulate -- --theme branches`.
    const worlds = { seed: 3, count: 1, weather: 'hurricane', theme: 'branches' } as const;
    expect((await playWorlds(worlds)).broken).toEqual([]);
  },
  HOUR,
);

it(
  'a process may die before and after each single call of an order with choices',
  async () => {
    const { broken, deaths } = await killedAtEachCall(WORLDS);
    expect(broken).toEqual([]);
    expect(deaths).toBeGreaterThan(80);
  },
  HOUR,
);
