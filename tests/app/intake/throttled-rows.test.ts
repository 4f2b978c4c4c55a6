import { describe, expect, it } from '@jest/globals';
import type { BatchReceipt } from '../../../src/app/intake/place-batch.ts';
import type { EventReceipt } from '../../../src/app/intake/place-event.ts';
import type { Json } from '../../../src/core/json.ts';
import type { System } from '../system.ts';
import { createSystem } from '../system.ts';

const throttled = () => Object.assign(new Error('slow down'), { name: 'ThrottlingException' });

/** The journal takes no first entry of an order with such an input. */
function refuseInputs(system: System, refuses: (input: Json) => boolean): void {
  const { journal } = system.ports;
  const append = journal.append.bind(journal);
  journal.append = async (entry) => {
    const [event] = entry.events;
    if (event?.type === 'OrderPlaced' && refuses(event.input)) throw throttled();
    return append(entry);
  };
}

describe('a request that holds many orders', () => {
  // Was: one throttled row among a thousand answered 503 for all, and the rows that were stored were not started.
  // Now: they are answered and started, and the one is rejected by its line.
  it('rejects the row that could not be stored, and no other', async () => {
    const system = createSystem();
    refuseInputs(system, (input) => input === 500);
    const body = Array.from({ length: 1000 }, (_, index) => ({ input: index + 1, todo: ['A'] }));
    const answer = await system.call<BatchReceipt>('POST', '/orders', { body });
    expect(answer.status).toBe(202);
    expect(answer.body.rejected).toEqual([
      { line: 500, code: 'UNAVAILABLE', message: expect.stringContaining('request-1') },
    ]);
    expect(answer.body.accepted).toHaveLength(999);
    const started = system.ports.messenger.sent.map(({ orderId }) => orderId);
    expect(new Set(started)).toEqual(new Set(answer.body.accepted.map(({ orderId }) => orderId)));
  });

  it('rejects the rows whose client could not be looked up, and no other', async () => {
    const system = createSystem();
    await system.call('PUT', '/clients/X', { body: { todo: ['A'] } });
    system.ports.clients.get = async () => {
      throw throttled();
    };
    const body = [
      { input: 1, client: 'X' },
      { input: 2, todo: ['A'] },
    ];
    const answer = await system.call<BatchReceipt>('POST', '/orders', { body });
    expect(answer.body.accepted.map(({ line }) => line)).toEqual([2]);
    expect(answer.body.rejected).toMatchObject([{ line: 1, code: 'UNAVAILABLE' }]);
  });

  it('is refused as a whole, to be repeated, when no row could be stored', async () => {
    const system = createSystem();
    refuseInputs(system, () => true);
    const body = [
      { input: 1, todo: ['A'] },
      { input: 2, todo: ['A'] },
    ];
    const answer = await system.call('POST', '/orders', { body });
    expect(answer).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' } });
    expect(answer.headers).toMatchObject({ 'retry-after': '1' });
  });

  it('names a fault of Baton by its line too, without its internals', async () => {
    const system = createSystem();
    const { journal } = system.ports;
    const append = journal.append.bind(journal);
    journal.append = async (entry) => {
      if (entry.orderId === 'o-2') throw new TypeError('secret is not iterable');
      return append(entry);
    };
    const body = [1, 2, 3].map((input) => ({ orderId: `o-${input}`, input, todo: ['A'] }));
    const answer = await system.call<BatchReceipt>('POST', '/orders', { body });
    expect(answer.body.accepted.map(({ line }) => line)).toEqual([1, 3]);
    expect(answer.body.rejected).toMatchObject([{ line: 2, code: 'INTERNAL' }]);
    expect(JSON.stringify(answer.body)).not.toContain('secret');
  });
});

describe('an event that starts many workflows', () => {
  const on = { on: ['x'], activities: [{ name: 'go', pre: ['A'] }] };

  it('names the workflow whose order could not be stored, and starts the others', async () => {
    const system = createSystem();
    await system.call('PUT', '/workflows/one', { body: on });
    await system.call('PUT', '/workflows/two', { body: on });
    const { journal } = system.ports;
    const append = journal.append.bind(journal);
    journal.append = async (entry) => {
      if (entry.state.workflow.name === 'one') throw throttled();
      return append(entry);
    };
    const event = { body: { type: 'x', data: 1 } };
    const answer = await system.call<EventReceipt>('POST', '/events', event);
    expect(answer.status).toBe(202);
    expect(answer.body.orders.map(({ workflow }) => workflow)).toEqual(['two']);
    expect(answer.body.rejected).toMatchObject([{ workflow: 'one', code: 'UNAVAILABLE' }]);
    expect(system.ports.messenger.sent).toHaveLength(1);
  });
});
