import { violationsOf } from './checks.ts';
import { isKnown } from './known-faults.ts';
import type { Theme } from './scenario.ts';
import { scenarioFrom } from './scenario.ts';
import { WEATHERS } from './weather.ts';
import { runWorld } from './world.ts';

/** Small worlds, each played as often as it has calls. */
export type SmallWorlds = readonly (readonly [seed: number, theme: Theme, cancels: number])[];

/** Plays each world once for each of its calls, at which a process dies, until a promise is broken. */
export async function killedAtEachCall(worlds: SmallWorlds, orders = 1) {
  let deaths = 0;
  const died = new Set<string>();
  const released = { canaries: 0, inWaves: 0, byTurn: 0 };
  for (const [seed, theme, cancels] of worlds) {
    const scenario = scenarioFrom(seed, orders, theme);
    const weather = { ...WEATHERS.calm, cancels };
    const { places, processes, journals } = await runWorld(scenario, weather);
    for (const { events } of [...journals.values()].flat()) {
      for (const event of events) {
        if (event.type !== 'TaskReleased') continue;
        if (event.task !== undefined) released.byTurn += 1;
        else released[event.canary ? 'canaries' : 'inWaves'] += 1;
      }
    }
    for (const name of processes) died.add(name);
    for (let diesAt = 1; diesAt <= places; diesAt += 1) {
      const aftermath = await runWorld(scenario, { ...weather, diesAt });
      const found = violationsOf(aftermath).filter((one) => !isKnown(one, scenario));
      deaths += 1;
      if (found.length > 0) {
        return { deaths, died, released, broken: [{ seed, theme, diesAt, found }] };
      }
    }
  }
  return { deaths, died, released, broken: [] };
}
