import { describe, expect, it } from '@jest/globals';
import type { OrderEvent } from '../../src/core/event.ts';
import type { Verdict } from '../../src/core/verdict.ts';
import { endsIn } from '../../src/engine/count-ends.ts';
import type { StoredDecision } from '../../src/engine/ended-spans.ts';
import type { Ended } from '../../src/ports/counts.ts';
import { orderWorld } from './order-under-way.ts';

/** Orders of which is counted what has ended. */
async function countedWorld() {
  const world = await orderWorld(['A', 'B']);
  const counted: Ended[] = [];
  const { add } = world.ports.counts;
  Object.assign(world.ports.counts, {
    add: (ends: readonly Ended[]) => {
      counted.push(...ends);
      return add(ends);
    },
  });
  await world.place('o');
  await world.advance('o', world.accepted());
  return { ...world, counts: () => counted.splice(0) };
}

const failed = (at: number, retry: 'never' | 'policy'): OrderEvent => ({
  ...{ type: 'TaskFailed', at, taskId: 't1', attempt: 1, by: 'A', retry },
  error: { code: 'BROKEN', message: 'it broke' },
});

describe('what has ended is counted', () => {
  it('once it has: each attempt by its plugin, and the order by its workflow', async () => {
    const { advance, completed, counts } = await countedWorld();
    expect(counts()).toEqual([]);
    await advance('o', completed('t1'));
    expect(counts()).toEqual([{ by: 'plugin', name: 'A', how: 'completed' }]);
    await advance('o', completed('t2'));
    expect(counts()).toEqual([
      { by: 'plugin', name: 'B', how: 'completed' },
      { by: 'workflow', name: 'some', how: 'completed' },
    ]);
    // It comes again.
    await advance('o', completed('t2'));
    expect(counts()).toEqual([]);
  });

  it('as failed, an order by the code of its error, too', async () => {
    const { advance, now, counts } = await countedWorld();
    await advance('o', failed(now(), 'never'));
    expect(counts()).toEqual([
      { by: 'plugin', name: 'A', how: 'failed' },
      { by: 'workflow', name: 'some', how: 'failed' },
      { by: 'errorCode', name: 'BROKEN', how: 'failed' },
    ]);
  });

  it('as failed, an attempt after which its order goes on', async () => {
    const { advance, now, counts } = await countedWorld();
    await advance('o', failed(now(), 'policy'));
    expect(counts()).toEqual([{ by: 'plugin', name: 'A', how: 'failed' }]);
  });

  it('as cancelled, an order whose attempt says nothing', async () => {
    const { advance, now, counts } = await countedWorld();
    await advance('o', { type: 'CancelRequested', at: now(), actId: 'cancel', askedAt: now() });
    expect(counts()).toEqual([{ by: 'workflow', name: 'some', how: 'cancelled' }]);
  });

  it('under one name for all orders that name their plugins themselves', () => {
    const before = { status: 'running' };
    const state = { status: 'completed', endedAt: 1, workflow: { name: 'todo-4f2a', version: 1 } };
    const verdicts: readonly Verdict[] = [];
    expect(endsIn({ before, entry: { state }, verdicts } as unknown as StoredDecision)).toEqual([
      { by: 'workflow', name: 'todo-*', how: 'completed' },
    ]);
  });
});
