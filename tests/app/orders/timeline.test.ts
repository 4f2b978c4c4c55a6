import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/core/json.ts';
import { sweep } from '../../../src/engine/sweep.ts';
import { createSystem } from '../system.ts';

interface Seen {
  readonly timeline: readonly { readonly event: string; readonly task?: string }[];
}

/** An order of a workflow with these activities, and what its timeline tells. */
async function orderOf(activities: readonly object[], behaviours = {}) {
  const system = createSystem({ A: (input: Json) => input, ...behaviours });
  const { call, run, ports, now } = system;
  expect((await call('PUT', '/workflows/w', { body: { activities } })).status).toBe(201);
  await call('POST', '/orders', { body: { orderId: 'o', workflow: 'w', input: 5 } });
  await run();
  return {
    timeline: async () => (await call<Seen>('GET', '/orders/o')).body.timeline,
    async sweepAfter(seconds: number) {
      now.at += seconds * 1000;
      await sweep(ports);
      await run();
    },
  };
}

// Was: a failure that no event names had no line: an instant had passed, and nothing seemed to have come of it.
// Now: every failure has one.
describe('what happened to an order', () => {
  it('names the event that did not come in time', async () => {
    const step = { waitFor: { event: 'paid' }, timeoutSeconds: 600 };
    const { timeline, sweepAfter } = await orderOf([{ name: 'a', pre: [step, 'A'] }]);
    await sweepAfter(601);
    expect((await timeline()).at(-1)).toMatchObject({
      ...{ event: 'DeadlinePassed', task: 'paid', attempt: 1 },
      error: { code: 'EVENT_TIMEOUT', message: 'paid did not come within 600 s' },
    });
  });

  it('names what was sent when a wait was over', async () => {
    const { timeline, sweepAfter } = await orderOf([{ name: 'a', pre: [{ wait: '1m' }, 'A'] }]);
    await sweepAfter(61);
    expect(await timeline()).toContainEqual(
      expect.objectContaining({ event: 'DeadlinePassed', task: 'A', attempt: 1 }),
    );
  });

  it('tells of a failure that was no attempt', async () => {
    const repeat = { until: 'payload > 5', max: 2 };
    const { timeline } = await orderOf([{ name: 'a', pre: ['A'], repeat }]);
    const failures = (await timeline()).filter(({ event }) => event === 'TaskFailed');
    expect(failures).toEqual([
      {
        ...{ at: expect.any(String), entry: expect.any(Number) },
        ...{ event: 'TaskFailed', task: 'repeat' },
        error: { code: 'REPEATED_TOO_OFTEN', message: 'after 2 rounds its `until` is false' },
      },
    ]);
  });

  it('tells of a failure once, where an event names it', async () => {
    const broken = () => {
      throw new Error('it broke');
    };
    const { timeline } = await orderOf([{ name: 'a', pre: ['A'] }], { A: broken });
    const told = (await timeline()).filter(({ task }) => task === 'A');
    expect(told.every(({ event }) => event === 'TaskFailed')).toBe(true);
    expect(told).toHaveLength(1);
  });
});
