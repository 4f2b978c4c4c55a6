import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Load } from '../../src/core/scaling.ts';
import { assess, leastConcurrency } from '../../src/core/scaling.ts';

/** A plugin that has more to do than its two instances can, and all goes well. */
const behind: Load = {
  inAlarm: true,
  queued: 300,
  inFlight: 2,
  instances: 2,
  endedPerSecond: 1,
  failedPerSecond: 0,
  crashedPerSecond: 0,
  enabled: true,
  maximumConcurrency: 2,
  concurrency: { base: 2, ceiling: 20 },
};

const given = (load: Partial<Load>) => ({
  then: (assessment: Partial<ReturnType<typeof assess>>) =>
    expect(assess({ ...behind, ...load })).toMatchObject(assessment),
});

describe('the cause is', () => {
  it('atCap when as many instances work as may', () => {
    given({}).then({ cause: 'atCap' });
    given({ inFlight: 0, instances: 2 }).then({ cause: 'atCap' });
    given({ inFlight: 2, instances: undefined }).then({ cause: 'atCap' });
  });

  it('slow when there is room for more instances, by tasks in flight and by instances', () => {
    given({ maximumConcurrency: 10 }).then({ cause: 'slow' });
    given({ maximumConcurrency: 10, instances: undefined }).then({ cause: 'slow' });
    given({ maximumConcurrency: 10, instances: 10 }).then({ cause: 'atCap' });
  });

  it('failing when half of the attempts fail, whatever else', () => {
    given({ failedPerSecond: 0.49 }).then({ cause: 'atCap' });
    given({ failedPerSecond: 0.5 }).then({ cause: 'failing' });
    given({ failedPerSecond: 1, maximumConcurrency: 20 }).then({ cause: 'failing' });
  });

  it('failing when invocations die, before a single attempt is given up', () => {
    given({ endedPerSecond: 0, crashedPerSecond: 0.2 }).then({ cause: 'failing' });
    given({ endedPerSecond: 1, crashedPerSecond: 0.2 }).then({ cause: 'atCap' });
    given({ endedPerSecond: 0, failedPerSecond: 0.2 }).then({ cause: 'failing' });
    given({ failedPerSecond: 0.3, crashedPerSecond: 0.2 }).then({ cause: 'atCap' });
  });

  it('quarantined while it is held back, whatever else', () => {
    given({ quarantined: true, workers: 0, enabled: false }).then({ cause: 'quarantined' });
  });

  it('noWorker while none of its containers is at work, whatever else', () => {
    given({ workers: 0, enabled: false }).then({ cause: 'noWorker' });
    given({ workers: 1 }).then({ cause: 'atCap' });
  });

  it('switchedOff when the mapping is disabled, whatever else', () => {
    given({ enabled: false, failedPerSecond: 1 }).then({ cause: 'switchedOff' });
  });
});

describe('the time to drain', () => {
  it('is what waits, at the present rate', () => {
    given({ queued: 300, endedPerSecond: 0.7 }).then({ timeToDrainSeconds: 429 });
  });

  it('counts attempts that succeed: a failed one comes again', () => {
    given({ queued: 300, endedPerSecond: 4, failedPerSecond: 1 }).then({ timeToDrainSeconds: 100 });
  });

  it('is unknown when nothing gets done', () => {
    given({ endedPerSecond: 0 }).then({ timeToDrainSeconds: null });
    given({ endedPerSecond: 1, failedPerSecond: 1 }).then({ timeToDrainSeconds: null });
  });

  it('is none when nothing waits', () => {
    given({ queued: 0, endedPerSecond: 0 }).then({ timeToDrainSeconds: 0 });
  });
});

describe('the next concurrency', () => {
  const path = (load: Partial<Load>, steps: number) => {
    const values = [];
    let maximumConcurrency = load.maximumConcurrency ?? behind.maximumConcurrency;
    for (let step = 0; step < steps; step += 1) {
      const all = { ...behind, instances: maximumConcurrency, ...load, maximumConcurrency };
      maximumConcurrency = assess(all).nextConcurrency;
      values.push(maximumConcurrency);
    }
    return values;
  };

  it('doubles while the alarm rings, up to the ceiling', () => {
    expect(path({}, 5)).toEqual([4, 8, 16, 20, 20]);
  });

  it('comes down by a quarter when the alarm is quiet, to the base', () => {
    const quiet = { inAlarm: false, maximumConcurrency: 20, concurrency: { base: 3, ceiling: 20 } };
    expect(path(quiet, 8)).toEqual([15, 11, 8, 6, 4, 3, 3, 3]);
  });

  it('stays where containers do the work, which Baton neither starts nor ends', () => {
    given({ workers: 1, maximumConcurrency: 1 }).then({ nextConcurrency: 1 });
    given({ workers: 9, maximumConcurrency: 90, inAlarm: false }).then({ nextConcurrency: 90 });
  });

  it('stays when more instances would only fail faster', () => {
    given({ failedPerSecond: 1 }).then({ nextConcurrency: 2 });
  });

  it('stays when the cap is not what holds it up', () => {
    given({ maximumConcurrency: 10 }).then({ nextConcurrency: 10 });
    given({ enabled: false }).then({ nextConcurrency: 2 });
  });

  it('comes into the bounds when a new deployment has moved them', () => {
    given({ maximumConcurrency: 50 }).then({ nextConcurrency: 20 });
    given({ inAlarm: false, maximumConcurrency: 2, concurrency: { base: 8, ceiling: 20 } }).then({
      nextConcurrency: 8,
    });
  });

  it('comes down to 2, the least that Lambda takes, where the plugin begins with one instance', () => {
    const concurrency = { base: 1, ceiling: 20 };
    expect(leastConcurrency({ concurrency })).toBe(2);
    given({ inAlarm: false, concurrency }).then({ nextConcurrency: 2 });
  });

  it('never leaves base and ceiling, nor goes below 2, whatever is measured', () => {
    const rate = fc.double({ min: 0, max: 1000, noNaN: true });
    const load = fc
      .record({
        inAlarm: fc.boolean(),
        queued: fc.nat(100_000),
        inFlight: fc.nat(10_000),
        instances: fc.option(fc.nat(2000), { nil: undefined }),
        endedPerSecond: rate,
        failedPerSecond: rate,
        crashedPerSecond: rate,
        enabled: fc.boolean(),
        maximumConcurrency: fc.integer({ min: 1, max: 1200 }),
        bounds: fc.tuple(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 1000 })),
      })
      .map(({ bounds, ...rest }) => ({
        ...rest,
        concurrency: { base: Math.min(...bounds), ceiling: Math.max(...bounds) },
      }));
    fc.assert(
      fc.property(load, (one) => {
        const { nextConcurrency, timeToDrainSeconds } = assess(one);
        expect(nextConcurrency).toBeGreaterThanOrEqual(Math.max(2, one.concurrency.base));
        expect(nextConcurrency).toBeLessThanOrEqual(Math.max(2, one.concurrency.ceiling));
        expect(Number.isInteger(nextConcurrency)).toBe(true);
        expect(timeToDrainSeconds ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
