import { describe, expect, it } from '@jest/globals';
import type { FailureWindows } from '../../src/ports/failure-windows.ts';
import { T0 } from './entries.ts';
import type { OpenStore } from './store.ts';

const UNTIL = T0 + 300_000;
const failedOnce = { acme: [{ at: T0, order: 'o1' }] };

export function failureWindowsContract(open: OpenStore<FailureWindows>): void {
  describe('failure windows', () => {
    it('are known to all instances until they are removed', async () => {
      const store = await open();
      const windows = store.connect();
      expect(await windows.get('A')).toBeUndefined();
      expect(await windows.put('A', failedOnce, UNTIL, undefined)).toBe(true);
      expect(await store.connect().get('A')).toMatchObject({ window: failedOnce });
      await windows.remove('A');
      expect(await windows.get('A')).toBeUndefined();
    });

    it('change only for who has read the last change', async () => {
      const windows = (await open()).connect();
      await windows.put('A', {}, UNTIL, undefined);
      const first = await windows.get('A');
      expect(await windows.put('A', failedOnce, UNTIL, first)).toBe(true);
      expect(await windows.put('A', {}, UNTIL, first)).toBe(false);
      expect(await windows.put('A', {}, UNTIL, undefined)).toBe(false);
      expect(await windows.get('A')).toMatchObject({ window: failedOnce });
    });
  });
}
