import { describe, expect, it } from '@jest/globals';
import type { Clock } from '../../src/ports/clock.ts';
import type { Counts, Ended } from '../../src/ports/counts.ts';
import { T0 } from './entries.ts';
import type { Store } from './store.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export const completed = (name: string): Ended => ({ by: 'workflow', name, how: 'completed' });
export const failed = (name: string): Ended => ({ by: 'workflow', name, how: 'failed' });
const NONE = { completed: 0, failed: 0, cancelled: 0 };

/** The clock begins with an hour. */
export function countsContract(open: (clock: Clock) => Promise<Store<Counts>>): void {
  describe('counts', () => {
    async function opened() {
      const now = { at: T0 };
      const store = await open(() => now.at);
      const { add, read, sumUp } = store.connect();
      return { now, store, add, read, sumUp };
    }

    it('are the sums of what all instances add, by name and minute', async () => {
      const { now, store, add, read } = await opened();
      await add([completed('photo'), failed('photo'), completed('film')]);
      await store.connect().add([completed('photo')]);
      now.at += MINUTE_MS;
      await add([{ by: 'workflow', name: 'photo', how: 'cancelled' }]);
      expect(sorted(await read('workflow', 'minute', T0, now.at + MINUTE_MS))).toEqual([
        { ...NONE, at: T0, name: 'film', completed: 1 },
        { ...NONE, at: T0, name: 'photo', completed: 2, failed: 1 },
        { ...NONE, at: now.at, name: 'photo', cancelled: 1 },
      ]);
      expect(await read('workflow', 'minute', now.at + MINUTE_MS, now.at + HOUR_MS)).toEqual([]);
      expect(sorted(await read('workflow', 'minute', T0, now.at))).toHaveLength(2);
    });

    it('of workflows, plugins and codes of errors do not mix', async () => {
      const { add, read } = await opened();
      await add([
        { by: 'plugin', name: 'A', how: 'failed' },
        { by: 'errorCode', name: 'A', how: 'failed' },
        failed('A'),
        failed('A'),
      ]);
      const numbers = async (by: Ended['by']) =>
        (await read(by, 'minute', T0, T0 + MINUTE_MS)).map((one) => one.failed);
      expect(await numbers('workflow')).toEqual([2]);
      expect(await numbers('plugin')).toEqual([1]);
      expect(await numbers('errorCode')).toEqual([1]);
    });

    it('of an hour are the sums of its minutes, before they are summed up and after', async () => {
      const { now, store, add, read, sumUp } = await opened();
      await add([completed('photo')]);
      now.at += 10 * MINUTE_MS;
      await add([completed('photo'), failed('film')]);
      now.at = T0 + HOUR_MS;
      await add([completed('photo')]);
      const hours = async () => sorted(await read('workflow', 'hour', T0, T0 + 2 * HOUR_MS));
      const before = await hours();
      expect(before).toEqual([
        { ...NONE, at: T0, name: 'film', failed: 1 },
        { ...NONE, at: T0, name: 'photo', completed: 2 },
        { ...NONE, at: T0 + HOUR_MS, name: 'photo', completed: 1 },
      ]);
      now.at += 2 * MINUTE_MS;
      await sumUp();
      await store.connect().sumUp();
      expect(await hours()).toEqual(before);
      now.at = T0 + HOUR_MS + 10 * DAY_MS;
      expect(await read('workflow', 'hour', T0, T0 + HOUR_MS)).toHaveLength(2);
    });
  });
}

function sorted<One extends { readonly at: number; readonly name: string }>(
  counts: readonly One[],
): readonly One[] {
  return counts.toSorted((a, b) => a.at - b.at || (a.name < b.name ? -1 : 1));
}
