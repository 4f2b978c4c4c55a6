import { describe, expect, it } from '@jest/globals';
import { BrokenJournalError } from '../../../src/ports/journal.ts';
import type { System } from '../system.ts';
import { CONTEXT, createSystem, sqsEvent, tokenFor } from '../system.ts';

/** Two orders under way, the first of which has lost an entry. */
async function withBrokenOrder(): Promise<System> {
  const system = createSystem();
  for (const orderId of ['o-1', 'o-2']) {
    await system.call('POST', '/orders', { body: { orderId, input: 5, todo: ['A', 'B'] } });
    await system.orchestrate(sqsEvent([{ type: 'OrderAccepted', orderId }]), CONTEXT);
  }
  const { journal } = system.ports;
  const { latest, entries } = journal;
  const unlessBroken =
    <T>(read: (orderId: string) => Promise<T>) =>
    async (orderId: string): Promise<T> => {
      if (orderId === 'o-1') throw new BrokenJournalError(orderId, 1);
      return read(orderId);
    };
  journal.latest = unlessBroken(latest);
  journal.entries = unlessBroken(entries);
  return system;
}

const token = (orderId: string) => tokenFor('A', { orderId, taskId: 't1', attempt: 1 });

// Was: INTERNAL, and where many orders were asked about, for all of them.
// Now: a problem of its own, of that order only.
describe('an order that has lost a part of its journal', () => {
  it.each([
    ['GET', '/orders/o-1', {}],
    ['POST', '/orders/o-1/cancel', {}],
    ['POST', '/orders', { body: { orderId: 'o-1', input: 5, todo: ['A', 'B'] } }],
    ['GET', `/tasks/${token('o-1')}`, {}],
  ])('is answered so by %s %s', async (method, path, options) => {
    const system = await withBrokenOrder();
    expect(await system.call(method, path, options)).toMatchObject({
      status: 409,
      contentType: 'application/problem+json',
      body: {
        code: 'BROKEN_JOURNAL',
        detail: 'the journal of order o-1 lacks its entry 1',
      },
    });
  });

  it('is rejected by its line where a request holds others', async () => {
    const system = await withBrokenOrder();
    const row = (orderId: string) => ({ orderId, input: 5, todo: ['A', 'B'] });
    const body = [row('o-1'), row('o-2'), row('o-3')];
    expect(await system.call('POST', '/orders', { body })).toMatchObject({
      status: 202,
      body: {
        accepted: [{ line: 2 }, { line: 3 }],
        rejected: [{ line: 1, code: 'BROKEN_JOURNAL' }],
      },
    });
  });

  it('leaves the status of the system as it is', async () => {
    const system = await withBrokenOrder();
    expect(await system.call('GET', '/status')).toMatchObject({
      status: 200,
      body: { orders: { active: 2 }, tasks: { remaining: 2 } },
    });
  });

  it('keeps no answer from the orders beside it', async () => {
    const system = await withBrokenOrder();
    const answers = [
      // An answer for which the journal has to be read.
      { type: 'TaskFailed', token: token('o-1'), error: { code: 'BROKEN', message: 'so' } },
      { type: 'TaskCompleted', token: token('o-2'), result: 7 },
    ];
    const { batchItemFailures } = await system.orchestrate(sqsEvent([{ answers }]), CONTEXT);
    expect(batchItemFailures).toEqual([{ itemIdentifier: 'm1' }]);
    expect(await system.call('GET', '/orders/o-2')).toMatchObject({
      body: { jobs: { A: { result: 7 } } },
    });
  });
});
