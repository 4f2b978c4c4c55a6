import { expect, it } from '@jest/globals';
import { violationsOf } from './checks.ts';
import { isKnown } from './known-faults.ts';
import type { Theme } from './scenario.ts';
import { scenarioFrom } from './scenario.ts';
import { WEATHERS } from './weather.ts';
import { runWorld } from './world.ts';

/** Small worlds that between them know retries, parallel stages, waits, optional tasks and expressions. */
const WORLDS: readonly (readonly [seed: number, theme: Theme])[] = [
  [1, 'ordinary'],
  [2, 'ordinary'],
  [3, 'deadlines'],
];

it('before and after each single call, a process may die, and nothing is lost', async () => {
  let deaths = 0;
  for (const [seed, theme] of WORLDS) {
    const scenario = scenarioFrom(seed, 1, theme);
    const { places } = await runWorld(scenario, WEATHERS.calm);
    for (let diesAt = 1; diesAt <= places; diesAt += 1) {
      const aftermath = await runWorld(scenario, { ...WEATHERS.calm, diesAt });
      const found = violationsOf(aftermath).filter((one) => !isKnown(one, scenario));
      expect({ seed, theme, diesAt, found }).toEqual({ seed, theme, diesAt, found: [] });
      deaths += 1;
    }
  }
  expect(deaths).toBeGreaterThan(100);
}, 120_000);
