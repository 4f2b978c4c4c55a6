import { describe, expect, it } from '@jest/globals';
import type { Bottleneck } from '../../src/core/scaling.ts';
import type { Bottlenecks } from '../../src/ports/bottlenecks.ts';
import { T0 } from './entries.ts';
import type { OpenStore } from './store.ts';
import { times } from './store.ts';

export function bottleneck(plugin: string, more: Partial<Bottleneck> = {}): Bottleneck {
  return {
    ...{ plugin, alarms: [`baton-test-plugin-${plugin}-depth`], since: T0 },
    ...{ cause: 'atCap', timeToDrainSeconds: null, maximumConcurrency: 4 },
    ...more,
  };
}

export function bottlenecksContract(open: OpenStore<Bottlenecks>): void {
  describe('bottlenecks', () => {
    it('are known until they are removed', async () => {
      const store = await open();
      const bottlenecks = store.connect();
      expect(await bottlenecks.get('A')).toBeUndefined();
      await bottlenecks.put(bottleneck('A'), undefined);
      await bottlenecks.put(bottleneck('B', { timeToDrainSeconds: 90 }), undefined);
      const [a, b] = await store.connect().list();
      expect(a).toMatchObject(bottleneck('A'));
      expect(b).toMatchObject(bottleneck('B', { timeToDrainSeconds: 90 }));
      expect(await bottlenecks.get('A')).toEqual(a);
      expect(a && (await bottlenecks.remove(a))).toBe(true);
      expect(await bottlenecks.list()).toEqual([b]);
    });

    it('change only for who has read the last change', async () => {
      const bottlenecks = (await open()).connect();
      await bottlenecks.put(bottleneck('A'), undefined);
      const first = await bottlenecks.get('A');
      expect(await bottlenecks.put(bottleneck('A', { cause: 'slow' }), first)).toBe(true);
      expect(await bottlenecks.put(bottleneck('A', { cause: 'failing' }), first)).toBe(false);
      expect(await bottlenecks.put(bottleneck('A', { cause: 'failing' }), undefined)).toBe(false);
      expect(first && (await bottlenecks.remove(first))).toBe(false);
      expect(await bottlenecks.get('A')).toMatchObject({ cause: 'slow' });
    });

    it('that ten writers find at once are recorded by one of them', async () => {
      const store = await open();
      const puts = times(10, () => store.connect().put(bottleneck('A'), undefined));
      expect((await Promise.all(puts)).filter(Boolean)).toHaveLength(1);
    });
  });
}
