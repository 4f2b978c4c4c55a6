import { describe, expect, it } from '@jest/globals';
import type { Schedule, Schedules } from '../../src/ports/schedules.ts';
import { T0 } from './entries.ts';
import type { OpenStore } from './store.ts';

const nightly = (more: Partial<Schedule> = {}): Schedule => ({
  ...{ name: 'nightly', since: T0, nextAt: T0 + 60_000, lookAt: T0 + 60_000, runs: [] },
  definition: {
    ...{ cron: '0 2 * * *', workflow: 'tidy', input: null, attributes: {} },
    ...{ overlap: 'skip', catchUp: 'last' },
  },
  ...more,
});

export function schedulesContract(open: OpenStore<Schedules>): void {
  const namesDue = async (schedules: Schedules, now: number) =>
    (await schedules.due(now)).map(({ name }) => name).sort();

  describe('schedules', () => {
    it('are kept until they are removed', async () => {
      const store = await open();
      const schedules = store.connect();
      expect(await schedules.get('nightly')).toBeUndefined();
      expect(await schedules.put(nightly(), undefined)).toBe(true);
      const stored = await store.connect().get('nightly');
      expect(stored).toEqual({ ...nightly(), version: 1 });
      expect(await schedules.put(nightly({ name: 'hourly' }), undefined)).toBe(true);
      expect((await schedules.list()).map(({ name }) => name).sort()).toEqual([
        'hourly',
        'nightly',
      ]);
      expect(stored && (await schedules.remove(stored))).toBe(true);
      expect(await schedules.get('nightly')).toBeUndefined();
      expect(await namesDue(schedules, T0 + 60_000)).toEqual(['hourly']);
    });

    it('are changed by one of several who have read the same', async () => {
      const store = await open();
      const [one, other] = [store.connect(), store.connect()];
      await one.put(nightly(), undefined);
      expect(await other.put(nightly({ since: 1 }), undefined)).toBe(false);
      const read = await one.get('nightly');
      if (read === undefined) throw new Error('it is there');
      expect(await one.put(nightly({ since: 2 }), read)).toBe(true);
      expect(await other.put(nightly({ since: 3 }), read)).toBe(false);
      expect(await other.remove(read)).toBe(false);
      expect(await one.get('nightly')).toEqual({ ...nightly({ since: 2 }), version: 2 });
    });

    it('are due when the instant has come at which there is something to do for them', async () => {
      const schedules = (await open()).connect();
      await schedules.put(nightly(), undefined);
      await schedules.put(nightly({ name: 'later', lookAt: T0 + 60_001 }), undefined);
      const { lookAt: _, ...idle } = nightly({ name: 'never' });
      await schedules.put(idle, undefined);
      expect(await namesDue(schedules, T0 + 59_999)).toEqual([]);
      expect(await namesDue(schedules, T0 + 60_000)).toEqual(['nightly']);
      expect(await namesDue(schedules, T0 + 86_400_000)).toEqual(['later', 'nightly']);
      const read = await schedules.get('nightly');
      await schedules.put(nightly({ lookAt: T0 + 120_000 }), read);
      expect(await namesDue(schedules, T0 + 119_999)).toEqual(['later']);
      expect(await namesDue(schedules, T0 + 120_000)).toEqual(['later', 'nightly']);
    });
  });
}
