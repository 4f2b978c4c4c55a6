import { describe, expect, it } from '@jest/globals';
import type { PlaceInWait, Turn } from '../../src/core/turns.ts';
import type { SharedTurns, Turns } from '../../src/ports/turns.ts';
import { T0 } from './entries.ts';
import type { OpenStore } from './store.ts';
import { times } from './store.ts';

const OF = { plugin: 'A', client: 'shop' };

const turn = (orderId: string, more: Partial<Turn> = {}): Turn => ({
  ...{ ...OF, orderId, taskId: 't1', takenFor: 1 },
  ...more,
});

const place = (orderId: string, since: number, entry = 1): PlaceInWait => ({
  ...{ ...OF, orderId, taskId: 't1', since, entry },
});

/** What is taken, in no particular order. */
const takenIn = ({ taken }: SharedTurns) =>
  taken.map(({ orderId, takenFor }) => `${orderId} ${takenFor}`).sort();

export function turnsContract(open: OpenStore<Turns>): void {
  describe('turns', () => {
    it('are taken as long as there are some, those of one client at one plugin together', async () => {
      const store = await open();
      const [one, other] = [store.connect(), store.connect()];
      expect(await one.take([turn('o1'), turn('o2')], 3)).toEqual([turn('o1'), turn('o2')]);
      expect(await other.take([turn('o3'), turn('o4')], 3)).toEqual([turn('o3')]);
      expect(await one.take([turn('o5')], 3)).toEqual([]);
      const elsewhere = [turn('o6', { client: 'bank' }), turn('o7', { plugin: 'B' })];
      for (const free of elsewhere) expect(await one.take([free], 3)).toEqual([free]);
      expect(takenIn(await other.of(OF))).toEqual(['o1 1', 'o2 1', 'o3 1']);
      expect(await other.of({ plugin: 'C', client: 'shop' })).toEqual({ taken: [] });
    });

    it('are taken once, however often somebody takes them', async () => {
      const turns = (await open()).connect();
      await turns.take([turn('o1')], 2);
      expect(await turns.take([turn('o1')], 2)).toEqual([turn('o1')]);
      expect(await turns.take([turn('o1'), turn('o2'), turn('o3')], 2)).toHaveLength(2);
      expect(await turns.take([turn('o1')], 2)).toEqual([turn('o1')]);
      expect((await turns.of(OF)).taken).toHaveLength(2);
      // Another entry's is another turn.
      expect(await turns.take([turn('o1', { takenFor: 2 })], 2)).toEqual([]);
    });

    it('are given back, once or often, and taken by others', async () => {
      const turns = (await open()).connect();
      await turns.take([turn('o1'), turn('o2')], 2);
      expect(takenIn(await turns.giveBack([turn('o1'), turn('unknown')]))).toEqual(['o2 1']);
      expect(takenIn(await turns.giveBack([turn('o1')]))).toEqual(['o2 1']);
      expect(await turns.take([turn('o3')], 2)).toEqual([turn('o3')]);
      expect(await turns.giveBack([turn('o2'), turn('o3')])).toEqual({ taken: [] });
    });

    it('are fewer than are taken where the bound was lowered', async () => {
      const turns = (await open()).connect();
      await turns.take([turn('o1'), turn('o2'), turn('o3')], 3);
      expect(await turns.take([turn('o4'), turn('o1')], 1)).toEqual([turn('o1')]);
      await turns.giveBack([turn('o1'), turn('o2')]);
      expect(await turns.take([turn('o4')], 1)).toEqual([]);
    });

    it('are taken by nobody who comes while somebody waits, but by those whose turn it is', async () => {
      const turns = (await open()).connect();
      await turns.take([turn('o1')], 1);
      const { waiting = '', taken } = await turns.wait(place('o2', T0));
      expect(taken).toEqual([turn('o1')]);
      await turns.giveBack([turn('o1')]);
      expect(await turns.take([turn('o3')], 1)).toEqual([]);
      expect(await turns.take([turn('o2')], 1, true)).toEqual([turn('o2')]);
      await turns.leave(place('o2', T0));
      await turns.nobodyWaits(OF, waiting);
      await turns.giveBack([turn('o2')]);
      expect(await turns.take([turn('o3')], 1)).toEqual([turn('o3')]);
    });

    it('are waited for in line: whoever has waited longest is the first', async () => {
      const store = await open();
      const turns = store.connect();
      const all = times(12, (n) => place(`o${n}`, T0 + 1000 * (12 - n)));
      for (const one of all) await turns.wait(one);
      await turns.wait(all[3] as PlaceInWait);
      const oldest = all.toReversed();
      expect(await store.connect().first(OF, 5)).toEqual(oldest.slice(0, 5));
      expect(await turns.countWaiting(OF)).toBe(12);
      await turns.leave(oldest[0] as PlaceInWait);
      await turns.leave(oldest[0] as PlaceInWait);
      expect(await turns.first(OF, 100)).toEqual(oldest.slice(1));
      expect(await turns.first({ plugin: 'A', client: 'bank' }, 5)).toEqual([]);
    });

    it('have somebody who waits as long as one has come since it was looked', async () => {
      const turns = (await open()).connect();
      const { waiting = '' } = await turns.wait(place('o1', T0));
      await turns.wait(place('o2', T0));
      await turns.nobodyWaits(OF, waiting);
      expect((await turns.of(OF)).waiting).toBeDefined();
    });

    it('are given back when nobody has taken them since they were doubted', async () => {
      const turns = (await open()).connect();
      const both = [turn('o1'), turn('o2')];
      await turns.take(both, 2);
      await turns.doubt(OF, both, T0);
      expect((await turns.of(OF)).doubted).toMatchObject({ since: T0 });
      expect(await turns.take([turn('o2')], 2)).toEqual([turn('o2')]);
      expect(takenIn(await turns.giveBackDoubted(both))).toEqual(['o2 1']);
      expect((await turns.of(OF)).doubted).toBeUndefined();
      await turns.doubt(OF, [turn('o2')], T0);
      await turns.doubt(OF, [], T0);
      expect(takenIn(await turns.giveBackDoubted(both))).toEqual(['o2 1']);
    });

    it('are doubted no more once they are taken again, whether or not there is room', async () => {
      const turns = (await open()).connect();
      await turns.take([turn('o1')], 2);
      await turns.doubt(OF, [turn('o1')], T0);
      await turns.take([turn('o1')], 2);
      expect((await turns.of(OF)).doubted).toBeUndefined();
    });

    it('are found by their plugin, until nobody has or wants any', async () => {
      const turns = (await open()).connect();
      await turns.take([turn('o1')], 1);
      await turns.wait({ ...place('o9', T0), client: 'bank' });
      await turns.take([turn('o2', { plugin: 'B' })], 1);
      const clients = async () => (await turns.atPlugin('A')).map(({ client }) => client).sort();
      expect(await clients()).toEqual(['bank', 'shop']);
      await turns.forget(OF);
      expect(await clients()).toEqual(['bank', 'shop']);
      await turns.giveBack([turn('o1')]);
      await turns.forget(OF);
      expect(await clients()).toEqual(['bank']);
    });
  });
}
