import { expect, it } from '@jest/globals';
import { playWorlds } from './outside-jest.ts';

const HOUR = 3_600_000;

it(
  'orders with lists that are cut into slices end as in the sequential model, and so do the slices, in a world of a hurricane',
  async () => {
    // More of them: `npm run simulate -- --theme slices`.
    const worlds = { seed: 20261126, count: 1, weather: 'hurricane', theme: 'slices' } as const;
    const { broken } = await playWorlds(worlds);
    expect(broken).toEqual([]);
  },
  HOUR,
);
