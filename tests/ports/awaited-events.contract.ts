import { describe, expect, it } from '@jest/globals';
import type { AwaitedEvents, KeptEvent, KeyedPlace } from '../../src/ports/awaited-events.ts';
import { T0 } from './entries.ts';
import type { OpenStore } from './store.ts';

const PAID = { eventType: 'payment.received', key: 'R-17' };

const event = (eventId: string, more: Partial<KeptEvent> = {}): KeptEvent => ({
  ...{ eventId, ...PAID, receivedAt: T0, data: { cents: 1200 } },
  ...more,
});

const place = (orderId: string, more: Partial<KeyedPlace> = {}): KeyedPlace => ({
  ...{ orderId, taskId: 't1', attempt: 1, ...PAID },
  ...more,
});

export function awaitedEventsContract(open: OpenStore<AwaitedEvents>): void {
  const waiting = async (events: AwaitedEvents, topic = PAID) => {
    const found: KeyedPlace[] = [];
    for await (const page of events.awaiting(topic)) found.push(...page);
    return found.toSorted((a, b) => (a.orderId < b.orderId ? -1 : 1));
  };

  describe('awaited events', () => {
    it('are kept under their type and key, the first to come first, and tell no data in the list', async () => {
      const store = await open();
      const events = store.connect();
      await events.keep(event('second', { receivedAt: T0 + 1 }));
      await events.keep(event('first'));
      await events.keep(event('of another key', { key: 'R-18' }));
      await events.keep(event('of another type', { eventType: 'payment.refused' }));
      expect(await store.connect().kept(PAID)).toEqual([
        { eventId: 'first', ...PAID, receivedAt: T0 },
        { eventId: 'second', ...PAID, receivedAt: T0 + 1 },
      ]);
      expect(await events.get(PAID, 'second')).toEqual(event('second', { receivedAt: T0 + 1 }));
      expect(await events.get(PAID, 'of another key')).toBeUndefined();
    });

    it('are kept as they came first, however often they come', async () => {
      const events = (await open()).connect();
      expect(await events.keep(event('e'))).toEqual(event('e'));
      const again = event('e', { receivedAt: T0 + 5, data: 'another' });
      expect(await events.keep(again)).toEqual(event('e'));
      expect(await events.kept(PAID)).toHaveLength(1);
    });

    it('for an order alone lie with that order, whatever their type and key, and for nobody else', async () => {
      const events = (await open()).connect();
      const { key: _, ...keyless } = event('without', { orderId: 'o1', data: null });
      await events.keep(keyless);
      await events.keep(event('with', { orderId: 'o1', receivedAt: T0 + 1 }));
      expect(await events.kept({ orderId: 'o1' })).toEqual([
        { eventId: 'without', eventType: PAID.eventType, receivedAt: T0 },
        { eventId: 'with', ...PAID, receivedAt: T0 + 1 },
      ]);
      expect(await events.get({ orderId: 'o1' }, 'without')).toEqual(keyless);
      expect(await events.kept(PAID)).toEqual([]);
      expect(await events.kept({ orderId: 'o2' })).toEqual([]);
    });

    it('may be larger than an item', async () => {
      const events = (await open()).connect();
      const data = Array.from({ length: 40_000 }, (_, n) => `${Math.sin(n)}`);
      for (const one of [event('e', { data }), event('o', { orderId: 'o1', data })]) {
        await events.keep(one);
      }
      expect((await events.get(PAID, 'e'))?.data).toEqual(data);
      expect((await events.get({ orderId: 'o1' }, 'o'))?.data).toEqual(data);
    });

    it('are awaited by each task that is listed, once, until it is taken off', async () => {
      const events = (await open()).connect();
      const places = [place('o1'), place('o2'), place('o3', { taskId: 't12', attempt: 3 })];
      for (const one of [...places, place('o2')]) await events.await(one, T0 + 1_000_000);
      await events.await(place('o4', { key: 'R-18' }), T0 + 1_000_000);
      expect(await waiting(events)).toEqual(places);
      await events.forget(place('o1'));
      await events.forget(place('o2', { attempt: 2 }));
      expect(await waiting(events)).toEqual(places.slice(1));
    });
  });
}
