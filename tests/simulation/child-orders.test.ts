import { expect, it } from '@jest/globals';
import type { SmallWorlds } from './killed-at-each-call.ts';
import { killedAtEachCall, playWorlds } from './outside-jest.ts';

const HOUR = 3_600_000;

it(
  'orders with child orders end as in the sequential model, and so do the children, in a world of a hurricane',
  async () => {
    // More of them: `npm run simulate -- --theme children`.
    const worlds = { seed: 20261126, count: 1, weather: 'hurricane', theme: 'children' } as const;
    expect((await playWorlds(worlds)).broken).toEqual([]);
  },
  HOUR,
);

const SMALL: SmallWorlds = [[2173, 'children', 0]];

it(
  'a process may die before and after each single call of an order with a child order',
  async () => {
    const { broken, deaths } = await killedAtEachCall(SMALL);
    expect(broken).toEqual([]);
    expect(deaths).toBeGreaterThan(100);
  },
  HOUR,
);
