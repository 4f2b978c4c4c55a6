import { describe, expect, it } from '@jest/globals';
import type { Schedule, Schedules } from '../../src/ports/schedules.ts';
import { T0 } from './entries.ts';
import { recordsContract } from './records.contract.ts';
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

  recordsContract('schedules', open, (name, since) => nightly({ name, since }));

  describe('schedules', () => {
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
      const moved = await schedules.get('nightly');
      expect(moved && (await schedules.remove(moved))).toBe(true);
      expect(await namesDue(schedules, T0 + 120_000)).toEqual(['later']);
    });
  });
}
