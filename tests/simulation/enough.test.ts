import { expect, it } from '@jest/globals';
import type { SmallWorlds } from './killed-at-each-call.ts';
import { killedAtEachCall, playWorlds } from './outside-jest.ts';

const HOUR = 3_600_000;

/** An order of which a task is called off, completes late and is undone; and one of which a task is cancelled. */
const WORLDS: SmallWorlds = [
  [191, 'enough', 0],
  [99, 'enough', 0],
];

it(
  'orders whose stages end when enough is done, and of which tasks are cancelled, end as in the sequential model, in a world of a hurricane',
  async () => {
    // More of them: `npm run simulate -- --theme enough`.
    const worlds = { seed: 5, count: 1, weather: 'hurricane', theme: 'enough' } as const;
    expect((await playWorlds(worlds)).broken).toEqual([]);
  },
  HOUR,
);

it(
  'a process may die before and after each single call of an order of which a task is called off',
  async () => {
    const { broken, deaths } = await killedAtEachCall(WORLDS);
    expect(broken).toEqual([]);
    expect(deaths).toBeGreaterThan(100);
  },
  HOUR,
);
