import { describe, expect, it } from '@jest/globals';
import type { Records } from '../../src/ports/records.ts';
import type { OpenStore } from './store.ts';
import { times } from './store.ts';

/** @param sample makes a record of the name, another one for each number */
export function recordsContract<Known extends object>(
  what: string,
  open: OpenStore<Records<Known>>,
  sample: (name: string, number: number) => Known,
): void {
  describe(what, () => {
    it('are known until they are removed', async () => {
      const store = await open();
      const records = store.connect();
      expect(await records.get('A')).toBeUndefined();
      expect(await records.put(sample('A', 0), undefined)).toBe(true);
      expect(await records.put(sample('B', 1), undefined)).toBe(true);
      const [a, b] = await store.connect().list();
      expect(a).toMatchObject(sample('A', 0));
      expect(b).toMatchObject(sample('B', 1));
      expect(await records.get('A')).toEqual(a);
      expect(a && (await records.remove(a))).toBe(true);
      expect(await records.list()).toEqual([b]);
    });

    it('change only for who has read the last change', async () => {
      const records = (await open()).connect();
      await records.put(sample('A', 0), undefined);
      const first = await records.get('A');
      expect(await records.put(sample('A', 1), first)).toBe(true);
      expect(await records.put(sample('A', 2), first)).toBe(false);
      expect(await records.put(sample('A', 2), undefined)).toBe(false);
      expect(first && (await records.remove(first))).toBe(false);
      expect(await records.get('A')).toMatchObject(sample('A', 1));
    });

    it('that ten writers put at once are put by one of them', async () => {
      const store = await open();
      const puts = times(10, () => store.connect().put(sample('A', 0), undefined));
      expect((await Promise.all(puts)).filter(Boolean)).toHaveLength(1);
    });
  });
}
