import { expect, it, jest } from '@jest/globals';
import type { Activity } from '../../src/core/workflow.ts';
import type { Scenario } from './scenario.ts';

/** They stand for 32 MiB and 5 MiB, so that the world is not busy with bytes alone. */
const MAX_PAYLOAD_BYTES = 400 * 1024;
jest.unstable_mockModule('../../src/contract/size-limits.ts', () => ({
  MAX_PAYLOAD_BYTES,
  MAX_RESULT_BYTES: 300 * 1024,
}));
const { failedAttempts } = await import('./attempts.ts');
const { violationsOf } = await import('./checks.ts');
const { scenarioFrom } = await import('./scenario.ts');
const { WEATHERS } = await import('./weather.ts');
const { runWorld } = await import('./world.ts');

/** In these, results are taken back; in the last, of an order that then fails at once. */
const SEEDS = [4, 8, 12];

const HOUR = 3_600_000;

/** Every plugin brings much, so that few results of a stage fit together; in every other world a wait ends the stage. */
function crowded(seed: number): Scenario {
  const scenario = scenarioFrom(seed, 2, 'sizes');
  const behaviours = Object.entries(scenario.behaviours).map(([plugin, behaviour], index) => {
    const padding = [110_000, 150_000, 190_000][(seed + index) % 3] ?? 0;
    return [plugin, { ...behaviour, padding, failsForGood: false }] as const;
  });
  const more = [{ plugin: 'P1' }, { plugin: 'P2', mandatory: false }, { plugin: 'P4' }];
  const wait = seed % 2 === 0 ? [] : [{ waitSeconds: 3 }];
  const activities = scenario.workflow.activities.map(
    (activity): Activity => ({ ...activity, parallel: [...activity.parallel, ...more, ...wait] }),
  );
  const workflow = { ...scenario.workflow, activities };
  return { ...scenario, workflow, behaviours: Object.fromEntries(behaviours) };
}

// Was: where the end of a wait was to gather results that fit one by one only, its entry was refused for ever, and the order was stuck.
it(
  'results that do not fit together end no order otherwise than the sequential model says, and leave none stuck',
  async () => {
    let takenBack = 0;
    for (const seed of SEEDS) {
      const aftermath = await runWorld(crowded(seed), WEATHERS.drizzle);
      expect({ seed, violations: violationsOf(aftermath) }).toEqual({ seed, violations: [] });
      takenBack += [...aftermath.journals.values()]
        .flatMap(failedAttempts)
        .filter(({ error }) => error?.message.startsWith('the results of its stage')).length;
    }
    expect(takenBack).toBeGreaterThan(0);
  },
  HOUR,
);
