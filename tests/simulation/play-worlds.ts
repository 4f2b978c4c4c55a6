import { isKnown } from './known-faults.ts';
import { play, replayCommand, worldSeed } from './play.ts';
import type { Theme } from './scenario.ts';
import type { WeatherName } from './weather.ts';

export interface Worlds {
  /** What determines all of them. */
  readonly seed: number;
  readonly count: number;
  readonly weather: WeatherName;
  readonly theme?: Theme | undefined;
}

/** Plays worlds until a promise is broken in one, and tells how that is played again. */
export async function playWorlds({ seed, count, weather, theme }: Worlds) {
  const seen = { orders: 0, entries: 0, waits: 0 };
  for (let index = 0; index < count; index += 1) {
    const world = await play(worldSeed(seed, index), weather, { theme });
    seen.orders += world.orders;
    seen.entries += world.entries;
    seen.waits += world.waits;
    const found = world.violations.filter((violation) => !isKnown(violation, world.scenario));
    if (found.length === 0) continue;
    return { ...seen, broken: [{ again: replayCommand(world, theme), found }] };
  }
  return { ...seen, broken: [] };
}
