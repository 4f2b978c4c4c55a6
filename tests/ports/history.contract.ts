import { describe, expect, it } from '@jest/globals';
import type { Clock } from '../../src/ports/clock.ts';
import type { History, PluginSample, Sample, SystemSample } from '../../src/ports/history.ts';
import { T0 } from './entries.ts';
import type { Store } from './store.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const system: SystemSample = {
  ...{ active: 3, stuck: 0, queued: 5, inFlight: 2, parked: 0, remaining: 9 },
};
const plugin: PluginSample = {
  ...{ queued: 5, inFlight: 2, parked: 0, concurrency: 4, oldestSeconds: 12.5, instances: 2 },
};

const sampleAt = (at: number, change: Partial<Sample> = {}): Sample => ({
  ...{ at, system, plugins: { A: plugin } },
  ...change,
});

/** The clock begins with an hour. */
export function historyContract(open: (clock: Clock) => Promise<Store<History>>): void {
  describe('history', () => {
    async function opened() {
      const now = { at: T0 };
      const store = await open(() => now.at);
      const history = store.connect();
      return { now, store, history };
    }

    it('keeps how the system stood in each minute', async () => {
      const { store, history } = await opened();
      const { oldestSeconds: _, instances: __, ...unknown } = plugin;
      await history.keep(sampleAt(T0 + 1234));
      await history.keep(
        sampleAt(T0 + MINUTE_MS, { plugins: { A: unknown, constructor: plugin } }),
      );
      const found = await store.connect().read('minute', T0, T0 + 2 * MINUTE_MS);
      expect(found).toEqual([
        sampleAt(T0),
        sampleAt(T0 + MINUTE_MS, { plugins: { A: unknown, constructor: plugin } }),
      ]);
      expect(await history.read('minute', T0, T0 + MINUTE_MS)).toEqual([sampleAt(T0)]);
    });

    it('of an hour is the most of its minutes, before they are summed up and after', async () => {
      const { now, store, history } = await opened();
      const later = { ...system, active: 1, queued: 50 };
      const { oldestSeconds: _, ...other } = { ...plugin, instances: 9 };
      await history.keep(sampleAt(T0));
      await history.keep(
        sampleAt(T0 + 10 * MINUTE_MS, { system: later, plugins: { A: other, B: plugin } }),
      );
      now.at = T0 + HOUR_MS + 2 * MINUTE_MS;
      const hours = () => history.read('hour', T0, T0 + 2 * HOUR_MS);
      const before = await hours();
      expect(before).toEqual([
        sampleAt(T0, {
          system: { ...system, queued: 50 },
          plugins: { A: { ...plugin, instances: 9 }, B: plugin },
        }),
      ]);
      await history.sumUp();
      await store.connect().sumUp();
      expect(await hours()).toEqual(before);
      now.at += 10 * DAY_MS;
      expect(await hours()).toEqual(before);
    });
  });
}
