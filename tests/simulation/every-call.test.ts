import { expect, it } from '@jest/globals';
import { violationsOf } from './checks.ts';
import { isKnown } from './known-faults.ts';
import type { Theme } from './scenario.ts';
import { scenarioFrom } from './scenario.ts';
import { WEATHERS } from './weather.ts';
import { runWorld } from './world.ts';

/**
 * Small worlds that between them know retries, parallel stages, waits, optional tasks, expressions, dead letters, plugins that ask before
 * they begin, and clients that cancel.
 */
const WORLDS: readonly (readonly [seed: number, theme: Theme, cancels: number])[] = [
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
const FAILING: readonly (readonly [seed: number, theme: Theme, cancels: number])[] = [
  [56, 'failures', 0],
  [116, 'failures', 0],
  [143, 'failures', 0],
];

/** Small worlds whose plugins leave tasks to whoever holds their tokens: some of an order that is cancelled. */
const DEFERRING: readonly (readonly [seed: number, theme: Theme, cancels: number])[] = [
  [23, 'callbacks', 0],
  [3, 'callbacks', 1],
];

/** Two orders whose plugin falls sick: it is quarantined, a canary finds it well again, and the other order follows in a wave. */
const QUARANTINED: typeof WORLDS = [[242, 'quarantine', 0]];

it(
  'before and after each single call, a process may die, and nothing is lost',
  async () => {
    const { deaths, died } = await killedAtEachCall(WORLDS);
    expect([...died]).toEqual(expect.arrayContaining(PROCESSES));
    expect(deaths).toBeGreaterThan(300);
  },
  HOUR,
);

it(
  'the same where orders are undone, paused, retried and skipped, one by one and many at once',
  async () => {
    const { deaths, died } = await killedAtEachCall(FAILING);
    expect([...died]).toEqual(expect.arrayContaining(['act', 'operations', 'operate']));
    expect(deaths).toBeGreaterThan(200);
  },
  HOUR,
);

it(
  'the same where plugins leave tasks to others, who answer by callbacks',
  async () => {
    const { deaths, died } = await killedAtEachCall(DEFERRING);
    expect([...died]).toEqual(expect.arrayContaining(['callback']));
    expect(deaths).toBeGreaterThan(100);
  },
  HOUR,
);

it(
  'the same where a plugin is quarantined, probed by a canary, and reopened in a wave',
  async () => {
    const { deaths, died, released } = await killedAtEachCall(QUARANTINED, 2);
    expect([...died]).toEqual(expect.arrayContaining(['orchestrate', 'sweep', 'act']));
    expect(Math.min(released.canaries, released.inWaves)).toBeGreaterThan(0);
    expect(deaths).toBeGreaterThan(200);
  },
  HOUR,
);

async function killedAtEachCall(worlds: typeof WORLDS, orders = 1) {
  let deaths = 0;
  const died = new Set<string>();
  const released = { canaries: 0, inWaves: 0 };
  for (const [seed, theme, cancels] of worlds) {
    const scenario = scenarioFrom(seed, orders, theme);
    const weather = { ...WEATHERS.calm, cancels };
    const { places, processes, journals } = await runWorld(scenario, weather);
    for (const { events } of [...journals.values()].flat()) {
      for (const event of events) {
        if (event.type === 'TaskReleased') released[event.canary ? 'canaries' : 'inWaves'] += 1;
      }
    }
    for (const name of processes) died.add(name);
    for (let diesAt = 1; diesAt <= places; diesAt += 1) {
      const aftermath = await runWorld(scenario, { ...weather, diesAt });
      const found = violationsOf(aftermath).filter((one) => !isKnown(one, scenario));
      expect({ seed, theme, diesAt, found }).toEqual({ seed, theme, diesAt, found: [] });
      deaths += 1;
    }
  }
  return { deaths, died, released };
}
