import { violationsOf } from './checks.ts';
import type { Scenario, Theme } from './scenario.ts';
import { scenarioFrom, THEMES } from './scenario.ts';
import { chanceFrom, seedFor } from './seed.ts';
import type { Violation } from './violations.ts';
import { countWaits } from './waits-for-turns.ts';
import type { WeatherName } from './weather.ts';
import { WEATHERS } from './weather.ts';
import { runWorld } from './world.ts';

/** One world, played to its end and checked. */
export interface Played {
  readonly seed: number;
  readonly weather: WeatherName;
  readonly scenario: Scenario;
  readonly orders: number;
  readonly entries: number;
  readonly hash: string;
  readonly violations: readonly Violation[];
  /** How often a task has waited for its turn. */
  readonly waits: number;
}

export interface PlayOptions {
  readonly theme?: Theme | undefined;
  readonly tell?: ((line: string) => void) | undefined;
}

/** Plays the world that the seed determines. */
export async function play(
  seed: number,
  weather: WeatherName,
  { theme, tell }: PlayOptions = {},
): Promise<Played> {
  const scenario = scenarioOf(seed, theme);
  const aftermath = await runWorld(scenario, WEATHERS[weather], tell);
  const journals = [...aftermath.journals.values()];
  return {
    ...{ seed, weather, scenario, hash: aftermath.hash },
    orders: scenario.requests.flat().length,
    entries: journals.reduce((sum, journal) => sum + journal.length, 0),
    violations: violationsOf(aftermath),
    waits: countWaits(aftermath.journals),
  };
}

/** Most worlds are small, so that their faults are quick to find and to read; some are crowded. */
function scenarioOf(seed: number, only: Theme | undefined): Scenario {
  const chance = chanceFrom(seedFor(seed, 'size'));
  // Drawn apart, so that the seeds of other themes play what they always played.
  const isOfFailures = chanceFrom(seedFor(seed, 'failures')).happens(0.15);
  const drawn = chance.pick(THEMES);
  const theme = only ?? (isOfFailures ? 'failures' : drawn);
  const hasMore = theme === 'quarantine' || theme === 'ordered' || theme === 'clients';
  const few = hasMore ? chance.between(4, 20) : chance.between(1, 8);
  const orders = chance.happens(0.05) ? chance.between(20, 80) : few;
  return scenarioFrom(seed, Math.min(orders, MOST_ORDERS[theme] ?? orders), theme);
}

/** Orders that are large, or have many below them. */
const MOST_ORDERS: Readonly<Partial<Record<Theme, number>>> = { sizes: 2, children: 3, slices: 2 };

/** The seeds of a run's worlds. */
export function worldSeed(seed: number, index: number): number {
  return seedFor(seed, `world ${index}`);
}

/** What plays exactly this world again, and tells what happens in it. */
export function replayCommand(
  { seed, weather }: Pick<Played, 'seed' | 'weather'>,
  theme: Theme | undefined,
): string {
  const themed = theme === undefined ? '' : ` --theme ${theme}`;
  return `npm run simulate -- --replay ${seed} --weather ${weather}${themed}`;
}
