import { describe, expect, it } from '@jest/globals';
import { sweep } from '../../../src/engine/sweep.ts';
import { BrokenJournalError } from '../../../src/ports/journal.ts';
import type { System } from '../system.ts';
import { createSystem, T0 } from '../system.ts';

interface Listed {
  readonly orders: readonly { readonly orderId: string; readonly stuck: object }[];
  readonly next?: string;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const at = (ms: number) => new Date(ms).toISOString();
const place = (system: System, orderId: string, more: object = {}) =>
  system.call('POST', '/orders', { body: { orderId, input: 5, todo: ['A'], ...more } });

async function stuckIn(system: System, query: Readonly<Record<string, string>> = {}) {
  const { status, body } = await system.call<Listed>('GET', '/orders', {
    query: { stuck: 'true', ...query },
  });
  expect(status).toBe(200);
  return body;
}

async function countIn(system: System): Promise<number> {
  const { body } = await system.call<{ orders: { stuck: number } }>('GET', '/status');
  return body.orders.stuck;
}

const whys = ({ orders }: Listed) => orders.map(({ orderId, stuck }) => ({ orderId, ...stuck }));

/** An order that has been paused for more than a week, and sweeps that have come each day. */
async function pausedForAWeek() {
  const system = createSystem();
  await place(system, 'o-1');
  await system.call('POST', '/orders/o-1/pause');
  for (let day = 0; day < 8; day += 1) {
    system.now.at += DAY_MS;
    await sweep(system.ports);
  }
  return system;
}

describe('an order whose wake-up nobody has kept', () => {
  it('is stuck five minutes later, and no more once a sweep has woken it', async () => {
    const system = createSystem();
    await place(system, 'o-1');
    // It should have begun within a minute.
    const since = at(T0 + MINUTE_MS);
    system.now.at += 6 * MINUTE_MS;
    expect([await countIn(system), await stuckIn(system)]).toEqual([0, { orders: [] }]);
    system.now.at += 1;
    expect(whys(await stuckIn(system))).toEqual([{ orderId: 'o-1', why: 'overdue', since }]);
    expect(await countIn(system)).toBe(1);
    await sweep(system.ports);
    expect([await countIn(system), await stuckIn(system)]).toEqual([0, { orders: [] }]);
  });

  it('says that sweeps have died over it', async () => {
    const system = createSystem();
    await place(system, 'o-1');
    const wakeUp = { at: T0 + MINUTE_MS, entry: 0 };
    await system.ports.activeOrders.setAside('o-1', wakeUp, T0 + DAY_MS);
    system.now.at += 10 * MINUTE_MS;
    expect(whys(await stuckIn(system))).toMatchObject([{ orderId: 'o-1', why: 'setAside' }]);
  });

  it('is listed even if its journal cannot be read', async () => {
    const system = createSystem();
    await place(system, 'o-1');
    await place(system, 'o-2');
    system.now.at += 10 * MINUTE_MS;
    const { latest } = system.ports.journal;
    system.ports.journal.latest = async (orderId) => {
      if (orderId === 'o-1') throw new BrokenJournalError(orderId, 3);
      return latest(orderId);
    };
    const problem = 'BROKEN_JOURNAL';
    expect((await stuckIn(system)).orders.find(({ orderId }) => orderId === 'o-1')).toMatchObject({
      problem,
      stuck: { why: 'overdue' },
    });
  });
});

describe('a paused order', () => {
  it('is stuck when nobody has looked at it for seven days', async () => {
    const system = createSystem();
    await place(system, 'o-1');
    await system.call('POST', '/orders/o-1/pause');
    for (let day = 0; day < 7; day += 1) {
      expect(await countIn(system)).toBe(0);
      system.now.at += DAY_MS;
      await sweep(system.ports);
    }
    expect(whys(await stuckIn(system))).toEqual([
      { orderId: 'o-1', why: 'paused', since: at(T0 + 7 * DAY_MS) },
    ]);
    expect(await countIn(system)).toBe(1);
  });

  it('stays so for as long as it is paused, and no longer', async () => {
    const system = await pausedForAWeek();
    system.now.at += 20 * DAY_MS;
    await sweep(system.ports);
    expect(await countIn(system)).toBe(1);
    await system.call('POST', '/orders/o-1/resume');
    expect([await countIn(system), await stuckIn(system)]).toEqual([0, { orders: [] }]);
  });

  // A sweep that dies between storing and marking leaves the order under its old wake-up, and the next one marks it.
  it('is marked even if the first sweep dies before it has marked it', async () => {
    const system = createSystem();
    await place(system, 'o-1');
    await system.call('POST', '/orders/o-1/pause');
    system.now.at += DAY_MS;
    await sweep(system.ports);
    system.now.at += 6 * DAY_MS;
    const { markStuck } = system.ports.activeOrders;
    system.ports.activeOrders.markStuck = async () => {
      throw new Error('died');
    };
    await sweep(system.ports);
    system.ports.activeOrders.markStuck = markStuck;
    expect(await countIn(system)).toBe(0);
    system.now.at += MINUTE_MS;
    await sweep(system.ports);
    expect(await countIn(system)).toBe(1);
  });

  it('that was resumed by a process that died before it took the mark away loses it by the sweep', async () => {
    const system = await pausedForAWeek();
    const { unmarkStuck } = system.ports.activeOrders;
    system.ports.activeOrders.unmarkStuck = async () => {
      throw new Error('died');
    };
    await system.call('POST', '/orders/o-1/resume');
    system.ports.activeOrders.unmarkStuck = unmarkStuck;
    expect(await countIn(system)).toBe(1);
    system.now.at += 2 * MINUTE_MS;
    await sweep(system.ports);
    expect(await countIn(system)).toBe(0);
  });

  it('loses a mark that has outlived its reason when somebody lists it', async () => {
    const system = createSystem();
    await place(system, 'o-1');
    await system.ports.activeOrders.markStuck('o-1');
    expect(await stuckIn(system)).toEqual({ orders: [] });
    expect(await countIn(system)).toBe(0);
  });
});

describe('the list of stuck orders', () => {
  it('keeps to the filters, and comes in pages', async () => {
    const system = createSystem();
    for (const n of [1, 2, 3, 4, 5]) {
      await place(system, `o-${n}`, n % 2 === 0 ? { client: 'X' } : {});
    }
    system.now.at += 10 * MINUTE_MS;
    const ids: string[] = [];
    let next: string | undefined;
    do {
      const page = await stuckIn(system, { limit: '2', ...(next && { next }) });
      ids.push(...page.orders.map(({ orderId }) => orderId));
      next = page.next;
    } while (next !== undefined);
    expect(ids).toEqual(['o-1', 'o-2', 'o-3', 'o-4', 'o-5']);
    const ofX = await stuckIn(system, { client: 'X' });
    expect(ofX.orders.map(({ orderId }) => orderId)).toEqual(['o-2', 'o-4']);
  });

  it('shows a client its own only', async () => {
    const system = createSystem();
    await place(system, 'o-1', { client: 'X' });
    await place(system, 'o-2', { client: 'Y' });
    system.now.at += 10 * MINUTE_MS;
    const { body } = await system.call<Listed>('GET', '/orders', {
      query: { stuck: 'true' },
      as: { kind: 'client', client: 'X' },
    });
    expect(body.orders.map(({ orderId }) => orderId)).toEqual(['o-1']);
  });

  it.each(['nonsense', '%00', ''])('refuses %j as a place', async (next) => {
    const refused = await createSystem().call('GET', '/orders', { query: { stuck: 'true', next } });
    expect(refused).toMatchObject({ status: 422, body: { path: 'next' } });
  });
});
