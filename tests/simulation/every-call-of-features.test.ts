import { expect, it } from '@jest/globals';
import type { SmallWorlds } from './killed-at-each-call.ts';
import { killedAtEachCall } from './outside-jest.ts';

const HOUR = 3_600_000;

/** Small worlds whose plugins leave tasks to whoever holds their tokens: some of an order that is cancelled. */
const DEFERRING: SmallWorlds = [
  [23, 'callbacks', 0],
  [3, 'callbacks', 1],
];

/** Two orders whose plugin falls sick: it is quarantined, a canary finds it well again, and the other order follows in a wave. */
const QUARANTINED: SmallWorlds = [[242, 'quarantine', 0]];

it(
  'at each call a process may die where plugins leave tasks to others, who answer by callbacks',
  async () => {
    const { broken, deaths, died } = await killedAtEachCall(DEFERRING);
    expect(broken).toEqual([]);
    expect([...died]).toEqual(expect.arrayContaining(['callback']));
    expect(deaths).toBeGreaterThan(100);
  },
  HOUR,
);

it(
  'at each call a process may die where a plugin is quarantined, probed by a canary, and reopened in a wave',
  async () => {
    const { broken, deaths, died, released } = await killedAtEachCall(QUARANTINED, 2);
    expect(broken).toEqual([]);
    expect([...died]).toEqual(expect.arrayContaining(['orchestrate', 'sweep', 'act']));
    expect(Math.min(released.canaries, released.inWaves)).toBeGreaterThan(0);
    expect(deaths).toBeGreaterThan(200);
  },
  HOUR,
);
