import { describe, expect, it } from '@jest/globals';
import { closed, DEFAULT_RULE, reopened } from '../../src/core/quarantine.ts';
import type { Quarantines } from '../../src/ports/quarantines.ts';
import { T0 } from './entries.ts';
import type { OpenStore } from './store.ts';
import { times } from './store.ts';

const held = (plugin: string, reason = 'it fails') => closed(plugin, reason, DEFAULT_RULE, T0);

export function quarantinesContract(open: OpenStore<Quarantines>): void {
  describe('quarantines', () => {
    it('are known until they are removed', async () => {
      const store = await open();
      const quarantines = store.connect();
      expect(await quarantines.get('A')).toBeUndefined();
      await quarantines.put(held('A'), undefined);
      await quarantines.put(reopened('B', 'a canary worked', 10, T0), undefined);
      const [a, b] = await store.connect().list();
      expect(a).toMatchObject(held('A'));
      expect(b).toMatchObject({ plugin: 'B', phase: 'reopening', wave: 10 });
      expect(await quarantines.get('A')).toEqual(a);
      expect(a && (await quarantines.remove(a))).toBe(true);
      expect(await quarantines.list()).toEqual([b]);
    });

    it('change only for who has read the last change', async () => {
      const quarantines = (await open()).connect();
      await quarantines.put(held('A'), undefined);
      const first = await quarantines.get('A');
      expect(await quarantines.put(held('A', 'again'), first)).toBe(true);
      expect(await quarantines.put(held('A', 'too late'), first)).toBe(false);
      expect(await quarantines.put(held('A', 'blindly'), undefined)).toBe(false);
      expect(first && (await quarantines.remove(first))).toBe(false);
      expect(await quarantines.get('A')).toMatchObject({ reason: 'again' });
    });

    it('that ten writers begin at once are begun by one of them', async () => {
      const store = await open();
      const puts = times(10, () => store.connect().put(held('A'), undefined));
      expect((await Promise.all(puts)).filter(Boolean)).toHaveLength(1);
    });
  });
}
