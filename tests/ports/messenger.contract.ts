import { describe, expect, it } from '@jest/globals';
import type { TaskMessage } from '../../src/contract/messages.ts';
import type { LifecycleFact } from '../../src/core/command.ts';
import type { Json } from '../../src/core/json.ts';
import type { Messenger, OutgoingMessage } from '../../src/ports/messenger.ts';
import { times } from './store.ts';

/** What has arrived in a plugin's queue, in the orchestrator's, or at a subscriber of the lifecycle topic. */
export interface Arrival {
  readonly at: string;
  readonly body: Json;
}

/** A messenger between the orchestrator, the plugins A, B and C, and a subscriber of `order.failed`. */
export interface Delivery {
  readonly messenger: Messenger;
  /** A plugin's queue, by its name. */
  queueUrl(plugin: string): string;
  /** All that has arrived since the last time. */
  arrivals(): Promise<readonly Arrival[]>;
}

export function messengerContract(open: () => Promise<Delivery>): void {
  describe('a messenger', () => {
    it('brings each outgoing to where it goes', async () => {
      const { messenger, queueUrl, arrivals } = await open();
      const fact: LifecycleFact = {
        type: 'order.failed',
        orderId: 'o3',
        workflow: { name: 'w', version: 1 },
        entry: 3,
      };
      const undelivered = await messenger.send([
        { to: 'plugin', orderId: 'o1', queueUrl: queueUrl('A'), body: task('o1', 1) },
        { to: 'broadcast', orderId: 'o2', plugins: ['B', 'C'], body: task('o2', 2) },
        { to: 'lifecycle', orderId: 'o3', body: fact },
        { to: 'lifecycle', orderId: 'o4', body: { ...fact, type: 'order.completed' } },
        accepted('o5'),
      ]);
      expect(undelivered).toEqual([]);
      expect(await arrivals()).toEqual([
        { at: 'A', body: task('o1', 1) },
        { at: 'B', body: task('o2', 2) },
        { at: 'C', body: task('o2', 2) },
        { at: 'lifecycle', body: fact },
        { at: 'orchestrator', body: { type: 'OrderAccepted', orderId: 'o5' } },
      ]);
    });

    it('brings nothing when there is nothing to bring', async () => {
      const { messenger, arrivals } = await open();
      expect(await messenger.send([])).toEqual([]);
      expect(await arrivals()).toEqual([]);
    });

    it('brings more than one request can hold', async () => {
      const { messenger, queueUrl, arrivals } = await open();
      const orders = times(25, (index) => `o${String(index).padStart(2, '0')}`);
      const large = 'x'.repeat(90_000);
      const undelivered = await messenger.send([
        ...orders.map(
          (orderId): OutgoingMessage => ({
            to: 'plugin',
            orderId,
            queueUrl: queueUrl('A'),
            body: task(orderId, large),
          }),
        ),
        ...orders.map(
          (orderId): OutgoingMessage => ({
            to: 'broadcast',
            orderId,
            plugins: ['B', 'C'],
            body: task(orderId, large),
          }),
        ),
      ]);
      expect(undelivered).toEqual([]);
      const arrived = await arrivals();
      for (const plugin of ['A', 'B', 'C']) {
        const bodies = arrived.filter(({ at }) => at === plugin).map(({ body }) => body);
        expect(bodies).toEqual(orders.map((orderId) => task(orderId, large)));
      }
    });

    it('brings every character that JSON may hold', async () => {
      const { messenger, queueUrl, arrivals } = await open();
      const text = `\u0000\u001f"\\\u2028 ß 漢字 \ufffe\uffff\ufffd \ud800`;
      const message = task('o1', text);
      await messenger.send([
        { to: 'plugin', orderId: 'o1', queueUrl: queueUrl('A'), body: message },
        { to: 'broadcast', orderId: 'o1', plugins: ['B'], body: message },
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

export function accepted(orderId: string): OutgoingMessage {
  const message = { type: 'OrderAccepted', orderId } as const;
  return { to: 'orchestrator', orderId, delaySeconds: 0, body: message };
}
