import { expect, it } from '@jest/globals';
import type { SmallWorlds } from './killed-at-each-call.ts';
import { killedAtEachCall } from './outside-jest.ts';

/**
 * Small worlds that between them know retries, parallel stages, waits, optional tasks, expressions, dead letters, plugins that ask before
 * they begin, and clients that cancel.
 */
const WORLDS: SmallWorlds = [
  [1, 'crashes', 0],
  [43, 'ordinary', 0],
  [59, 'deadlines', 0],
  [44, 'ordinary', 1],
  [59, 'ordinary', 1],
];

const HOUR = 3_600_000;

/** Every process of Baton's that a world knows. */
const PROCESSES = ['place', 'cancel', 'orchestrate', 'sweep', 'bury', 'tasks'];

/** Small worlds that between them know undoing, `onFailure`, pauses, retries, skips, and acts for many orders. */
const FAILING: SmallWorlds = [
  [56, 'failures', 0],
  [116, 'failures', 0],
  [143, 'failures', 0],
];

it(
  'before and after each single call, a process may die, and nothing is lost',
  async () => {
    const { broken, deaths, died } = await killedAtEachCall(WORLDS);
    expect(broken).toEqual([]);
    expect([...died]).toEqual(expect.arrayContaining(PROCESSES));
    expect(deaths).toBeGreaterThan(300);
  },
  HOUR,
);

it(
  'the same where orders are undone, paused, retried and skipped, one by one and many at once',
  async () => {
    const { broken, deaths, died } = await killedAtEachCall(FAILING);
    expect(broken).toEqual([]);
    expect([...died]).toEqual(expect.arrayContaining(['act', 'operations', 'operate']));
    expect(deaths).toBeGreaterThan(200);
  },
  HOUR,
);
