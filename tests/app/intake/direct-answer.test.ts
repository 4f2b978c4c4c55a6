import { describe, expect, it } from '@jest/globals';
import { makeAnswer } from '../../../src/app/orders/answer-directly.ts';
import { CONTEXT, createSystem, isUntouched, pluginOf, type System, sqsEvent } from '../system.ts';

const ORDER = { orderId: 'o1', input: 5, todo: ['A', 'B'] };

/** Lets calls wait; between two looks, what there is to do is done. @returns how often it was looked at the order */
function letWait(system: System, meanwhile: () => Promise<void> = system.run) {
  const { ports, now, waiting } = system;
  const looks: number[] = [];
  const entries = async (orderId: string) => {
    looks.push(now.at);
    return ports.journal.entries(orderId);
  };
  const pause = async (ms: number) => {
    now.at += ms;
    await meanwhile();
  };
  waiting.ask = makeAnswer({ ...ports, journal: { entries }, pause });
  return looks;
}

const place = (system: System, body: object | string = ORDER, wait = '20s', more = {}) =>
  system.call<Record<string, unknown>>('POST', '/orders', { body, query: { wait }, ...more });

const show = async (system: System, orderId = 'o1', as?: object) =>
  (await system.call<object>('GET', `/orders/${orderId}`, as && { as })).body;

describe('a call that waits for its order', () => {
  it('is answered with the order as it is shown, once it has ended', async () => {
    const system = createSystem();
    const looks = letWait(system);
    const { status, body } = await place(system);
    expect([status, body.status, body.result]).toEqual([200, 'completed', 14]);
    expect(body).toEqual(await show(system));
    expect(looks).toHaveLength(2);
  });

  it("is answered as the order's client sees it", async () => {
    const system = createSystem();
    const plugins = new Map([['A', { ...pluginOf('A'), functionName: 'baton-dev-arithmetic-A' }]]);
    system.ports.registry.plugins = async () => plugins;
    letWait(system);
    const as = { kind: 'client', client: 'X' };
    const { body } = await place(system, { ...ORDER, todo: ['A'] }, '20s', { as });
    expect(body).toEqual(await show(system, 'o1', as));
    expect(JSON.stringify(body)).not.toContain('logUrl');
    expect(JSON.stringify(await show(system))).toContain('logUrl');
  });

  it('is answered with 200 also when the order has failed, which its status says', async () => {
    const system = createSystem({
      A() {
        throw new Error('no');
      },
    });
    letWait(system);
    const { status, body } = await place(system, { ...ORDER, todo: ['A'] });
    expect([status, body.status, body.error]).toMatchObject([200, 'failed', { task: 'A' }]);
  });

  it('is answered with 200 also when somebody has cancelled the order meanwhile', async () => {
    const system = createSystem();
    letWait(system, async () => {
      await system.call('POST', '/orders/o1/cancel');
    });
    const { status, body } = await place(system);
    expect([status, body.status]).toEqual([200, 'cancelled']);
  });

  it('gets the receipt when its time is up, and the order goes on', async () => {
    const system = createSystem();
    // The first task is sent, and not performed.
    const looks = letWait(system, async () => {
      const [message] = system.ports.messenger.sent;
      if (message?.to !== 'orchestrator') return;
      system.ports.messenger.sent.splice(0);
      await system.orchestrate(sqsEvent([message.body]), CONTEXT);
    });
    const began = system.now.at;
    const { status, body } = await place(system, ORDER, '2s');
    expect([status, body]).toEqual([
      202,
      {
        ...{ orderId: 'o1', status: 'running', workflow: expect.any(String), version: 1 },
        unanswered: 'timeUp',
      },
    ]);
    expect(system.now.at).toBe(began + 2000);
    expect(looks.at(-1)).toBe(began + 2000);
    expect(looks.length).toBeLessThan(15);
    await system.run();
    expect(await show(system)).toMatchObject({ status: 'completed', result: 14 });
  });

  it('goes on waiting while the order is paused', async () => {
    const system = createSystem();
    const began = system.now.at;
    letWait(system, async () => {
      if (system.now.at < began + 1000) await system.call('POST', '/orders/o1/pause');
      else if (system.now.at < began + 3000) await system.run();
      else {
        await system.call('POST', '/orders/o1/resume');
        await system.run();
      }
    });
    const { status, body } = await place(system);
    expect([status, body.status, body.result]).toEqual([200, 'completed', 14]);
    expect(system.now.at).toBeGreaterThan(began + 2999);
  });

  it('may be sent again under its key: both wait for the one order', async () => {
    const system = createSystem();
    letWait(system);
    const order = { input: 5, todo: ['A'] };
    const more = { headers: { 'idempotency-key': 'k1' } };
    const first = await place(system, order, '20s', more);
    const second = await place(system, order, '1s', more);
    expect(second).toEqual(first);
    expect(system.ports.journal.all().size).toBe(1);
  });

  it('waits for an order whose input is the body, too', async () => {
    const system = createSystem();
    letWait(system);
    await system.call('PUT', '/clients/X', { body: { todo: ['B'] } });
    const { status, body } = await system.call<Record<string, unknown>>('POST', '/orders', {
      ...{ body: Buffer.from([1, 2]), type: 'image/png', query: { client: 'X', wait: '5' } },
    });
    expect([status, body.status]).toEqual([200, 'completed']);
  });
});

describe('an order that nobody waits for', () => {
  const ended = { status: 'accepted', version: 1 };

  it.each(['tooManyWaiting', 'switchedOff'] as const)('is on its way: %s', async (outcome) => {
    const system = createSystem();
    system.waiting.ask = async () => ({ outcome });
    const { status, body } = await place(system);
    expect([status, body]).toMatchObject([202, { ...ended, unanswered: outcome }]);
    await system.run();
    expect(await show(system)).toMatchObject({ status: 'completed' });
  });

  it('is on its way where the waiting fails', async () => {
    const system = createSystem();
    system.waiting.ask = async () => {
      throw new Error('no such function');
    };
    const { status, body } = await place(system);
    expect([status, body]).toMatchObject([202, { ...ended, unanswered: 'failed' }]);
    await system.run();
    expect(await show(system)).toMatchObject({ status: 'completed' });
  });
});

describe('how long a call may wait', () => {
  it.each(['20s', '20', '0.5', '25s', '25'])('%s is taken', async (wait) => {
    expect((await place(createSystem(), ORDER, wait)).status).toBe(202);
  });

  it.each([
    '0',
    '0s',
    '-1',
    '26',
    '26s',
    '1m',
    '1h',
    'long',
    '',
    ' ',
    'NaN',
    '0x10',
    '007',
    '20 s',
  ])('"%s" is refused, by name', async (wait) => {
    const system = createSystem();
    const { status, body } = await place(system, ORDER, wait);
    expect([status, body]).toMatchObject([422, { code: 'INVALID_REQUEST', path: 'wait' }]);
    expect(isUntouched(system)).toBe(true);
  });

  it.each([
    ['an array', JSON.stringify([ORDER]), 'application/json'],
    ['lines', JSON.stringify(ORDER), 'application/x-ndjson'],
    ['rows', 'input,todo\n5,A', 'text/csv'],
  ])('%s of orders are not waited for', async (_, body, type) => {
    const system = createSystem();
    const reply = await place(system, body, '20s', { type });
    expect([reply.status, reply.body]).toMatchObject([
      422,
      { path: 'wait', detail: expect.stringContaining('only one order') },
    ]);
    expect(isUntouched(system)).toBe(true);
  });
});
