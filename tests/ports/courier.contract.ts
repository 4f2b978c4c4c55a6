import { describe, expect, test } from '@jest/globals';
import type { TaskMessage } from '../../src/contract/messages.ts';
import type { LifecycleFact } from '../../src/core/command.ts';
import type { Json } from '../../src/core/json.ts';
import type { Courier, Parcel } from '../../src/engine/ports.ts';
import { times } from './store.ts';

/** What has arrived in a plugin's queue, in the orchestrator's, or at a subscriber of the lifecycle topic. */
export interface Arrival {
  readonly at: string;
  readonly body: Json;
}

/** A courier between the orchestrator, the plugins A, B and C, and a subscriber of `order.failed`. */
export interface Delivery {
  readonly courier: Courier;
  /** A plugin's queue, by its name. */
  queueUrl(plugin: string): string;
  /** All that has arrived since the last time. */
  arrivals(): Promise<readonly Arrival[]>;
}

export function courierContract(open: () => Promise<Delivery>): void {
  describe('a courier', () => {
    test('brings each parcel to where it goes', async () => {
      const { courier, queueUrl, arrivals } = await open();
      const fact: LifecycleFact = {
        type: 'order.failed',
        orderId: 'o3',
        workflow: { name: 'w', version: 1 },
        entry: 3,
      };
      const undelivered = await courier.send([
        { to: 'plugin', orderId: 'o1', queueUrl: queueUrl('A'), message: task('o1', 1) },
        { to: 'broadcast', orderId: 'o2', plugins: ['B', 'C'], message: task('o2', 2) },
        { to: 'lifecycle', orderId: 'o3', fact },
        { to: 'lifecycle', orderId: 'o4', fact: { ...fact, type: 'order.completed' } },
        accepted('o5'),
      ]);
      expect(undelivered.size).toBe(0);
      expect(await arrivals()).toEqual([
        { at: 'A', body: task('o1', 1) },
        { at: 'B', body: task('o2', 2) },
        { at: 'C', body: task('o2', 2) },
        { at: 'lifecycle', body: fact },
        { at: 'orchestrator', body: { type: 'OrderAccepted', orderId: 'o5' } },
      ]);
    });

    test('brings nothing when there is nothing to bring', async () => {
      const { courier, arrivals } = await open();
      expect((await courier.send([])).size).toBe(0);
      expect(await arrivals()).toEqual([]);
    });

    test('brings more than one request can hold', async () => {
      const { courier, queueUrl, arrivals } = await open();
      const orders = times(25, (index) => `o${String(index).padStart(2, '0')}`);
      const large = 'x'.repeat(90_000);
      const undelivered = await courier.send([
        ...orders.map(
          (orderId): Parcel => ({
            to: 'plugin',
            orderId,
            queueUrl: queueUrl('A'),
            message: task(orderId, large),
          }),
        ),
        ...orders.map(
          (orderId): Parcel => ({
            to: 'broadcast',
            orderId,
            plugins: ['B', 'C'],
            message: task(orderId, large),
          }),
        ),
      ]);
      expect(undelivered.size).toBe(0);
      const arrived = await arrivals();
      for (const plugin of ['A', 'B', 'C']) {
        const bodies = arrived.filter(({ at }) => at === plugin).map(({ body }) => body);
        expect(bodies).toEqual(orders.map((orderId) => task(orderId, large)));
      }
    });

    test('brings every character that JSON may hold', async () => {
      const { courier, queueUrl, arrivals } = await open();
      const text = `\u0000\u001f"\\\u2028 ß 漢字 \ufffe\uffff\ufffd \ud800`;
      const message = task('o1', text);
      await courier.send([
        { to: 'plugin', orderId: 'o1', queueUrl: queueUrl('A'), message },
        { to: 'broadcast', orderId: 'o1', plugins: ['B'], message },
      ]);
      expect(await arrivals()).toEqual([
        { at: 'A', body: message },
        { at: 'B', body: message },
      ]);
    });
  });
}

export function task(orderId: string, input: Json): TaskMessage {
  return { orderId, workflow: 'w', input, attributes: {}, tasks: ['A'], done: [], invited: {} };
}

export function accepted(orderId: string): Parcel {
  const message = { type: 'OrderAccepted', orderId } as const;
  return { to: 'orchestrator', orderId, delaySeconds: 0, message };
}
