import { describe, expect, it } from '@jest/globals';
import type { Workers } from '../../src/ports/workers.ts';
import { T0 } from './entries.ts';
import type { OpenStore } from './store.ts';

const report = { plugin: 'A', worker: 'w1', concurrency: 4, busy: 0, at: T0 };

export function workersContract(open: OpenStore<Workers>): void {
  describe('workers', () => {
    it('are known to all instances by their latest reports', async () => {
      const store = await open();
      const workers = store.connect();
      expect(await workers.list()).toEqual([]);
      await workers.record(report);
      await workers.record({ ...report, worker: 'w2' });
      await workers.record({ ...report, plugin: 'B' });
      await workers.record({ ...report, busy: 3 });
      const known = await store.connect().list();
      expect(known).toHaveLength(3);
      expect(known).toContainEqual({ ...report, busy: 3 });
    });

    it('are forgotten when they end', async () => {
      const workers = (await open()).connect();
      await workers.record(report);
      await workers.record({ ...report, plugin: 'B' });
      await workers.record({ ...report, ended: true });
      await workers.record({ ...report, ended: true });
      expect(await workers.list()).toEqual([{ ...report, plugin: 'B' }]);
    });
  });
}
