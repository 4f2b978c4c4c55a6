import { describe, expect, it } from '@jest/globals';
import type { System } from '../system.ts';
import { createSystem } from '../system.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const header = `00-${TRACE}-00f067aa0ba902b7-01`;
const own = `00-${TRACE}-00f067aa0ba902b8-01`;
const order = { input: 5, todo: ['A'] };

const traces = ({ ports }: System) =>
  [...ports.journal.all().values()].map(([first]) => first?.state.trace);

describe('the traceparent of a request', () => {
  it('is stored with its order, tracestate included', async () => {
    const system = createSystem();
    const headers = { Traceparent: header, Tracestate: 'rojo=1' };
    await system.call('POST', '/orders', { body: order, headers });
    expect(traces(system)).toEqual([{ traceparent: header, tracestate: 'rojo=1' }]);
  });

  it('is stored with each order of a batch that has none of its own', async () => {
    const system = createSystem();
    const body = [order, { ...order, traceparent: own, tracestate: 'b=2' }];
    await system.call('POST', '/orders', {
      ...{ body, headers: { traceparent: header, tracestate: 'a=1' } },
    });
    expect(traces(system)).toEqual([
      { traceparent: header, tracestate: 'a=1' },
      { traceparent: own, tracestate: 'b=2' },
    ]);
  });

  it('is stored with the orders of CSV rows, of a file, and of an event', async () => {
    const system = createSystem();
    const headers = { traceparent: header };
    await system.call('POST', '/orders', { body: 'input,todo\n1,A\n', type: 'text/csv', headers });
    await system.call('PUT', '/workflows/w', {
      body: { on: ['photo.received'], activities: [{ name: 'go', pre: ['A'] }] },
    });
    await system.call('POST', '/orders', {
      ...{ body: 'bytes', type: 'image/png', query: { workflow: 'w' }, headers },
    });
    await system.call('POST', '/events', { body: { type: 'photo.received', data: 1 }, headers });
    expect(traces(system)).toEqual(Array(3).fill({ traceparent: header }));
  });

  it.each(['', 'nonsense', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`])(
    'counts as none if it is malformed: %j',
    async (traceparent) => {
      const system = createSystem();
      const { status } = await system.call('POST', '/orders', {
        ...{ body: { ...order, traceparent }, headers: { traceparent } },
      });
      expect(status).toBe(202);
      expect(traces(system)).toEqual([undefined]);
    },
  );

  it('makes no other order of one that is sent again', async () => {
    const system = createSystem();
    const post = (traceparent: string) =>
      system.call('POST', '/orders', {
        body: { ...order, orderId: 'o-1', traceparent },
        headers: { traceparent },
      });
    await post(header);
    expect((await post(own)).status).toBe(202);
    expect(traces(system)).toEqual([{ traceparent: header }]);
  });

  it('stays with the order to its end', async () => {
    const system = createSystem();
    await system.call('POST', '/orders', { body: order, headers: { traceparent: header } });
    await system.run();
    const [entries = []] = system.ports.journal.all().values();
    expect(entries.at(-1)?.state.status).toBe('completed');
    expect(entries.map(({ state }) => state.trace?.traceparent)).toEqual(entries.map(() => header));
  });
});
