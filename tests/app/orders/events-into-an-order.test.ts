import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/core/json.ts';
import { sweep } from '../../../src/engine/sweep.ts';
import type { CallOptions } from '../system.ts';
import { CONTEXT, createSystem, sqsEvent } from '../system.ts';

interface Seen {
  readonly status: string;
  readonly result?: Json;
  readonly error?: { readonly code: string; readonly message: string };
  readonly jobs: Readonly<Record<string, { readonly input: Json; readonly result: Json }>>;
  readonly waitingFor?: object;
  readonly tasks: readonly object[];
  readonly timeline: readonly { readonly event: string; readonly eventId?: string }[];
}

const PAID = 'payment.received';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const FOR_PAYMENT = { waitFor: { event: PAID, key: 'attributes.invoice' } };

/** Orders of a workflow that does A, waits for an event, and does B. */
async function systemOf(step: object = FOR_PAYMENT, workflow: object = {}) {
  const system = createSystem({ A: (input) => input, B: (input) => ({ had: input }) });
  const { call, run, ports, now } = system;
  let acts = 0;
  const definition = { activities: [{ name: 'a', pre: ['A', step, 'B'] }], ...workflow };
  expect((await call('PUT', '/workflows/w', { body: definition })).status).toBe(201);
  return {
    ...{ system, call, run, ports, now },
    async place(orderId = 'o', invoice: Json = 'R-17') {
      const body = { orderId, workflow: 'w', input: 5, attributes: { invoice } };
      expect((await call('POST', '/orders', { body })).status).toBe(202);
    },
    see: async (orderId = 'o') => (await call<Seen>('GET', `/orders/${orderId}`)).body,
    send: (body: object, options: CallOptions = {}) =>
      call<{ orders: readonly object[]; eventId?: string; told?: number }>('POST', '/events', {
        body: { type: PAID, ...body },
        ...options,
      }),
    sendTo: (orderId: string, body: object, options: CallOptions = {}) =>
      call('POST', `/orders/${orderId}/events`, { body, ...options }),
    act(name: string, body: object = {}) {
      acts += 1;
      const headers = { 'idempotency-key': `act-${acts}` };
      return call('POST', `/orders/o/${name}`, { body, headers });
    },
    async sweepAt(at: number) {
      now.at = at;
      await sweep(ports);
      await run();
    },
  };
}

/** A system whose order waits for a payment, for ten minutes. */
async function waitingForPayment() {
  const system = await systemOf({ ...FOR_PAYMENT, timeoutSeconds: 600 });
  await system.place();
  await system.run();
  return system;
}

describe('a step that waits for an event', () => {
  it('says what it waits for, under which key, and until when', async () => {
    const { place, run, see, now } = await systemOf({ ...FOR_PAYMENT, timeoutSeconds: 600 });
    await place();
    await run();
    const deadlineAt = new Date(now.at + 600_000).toISOString();
    expect(await see()).toMatchObject({
      status: 'waiting',
      waitingFor: { what: `the event ${PAID} under the key R-17`, until: deadlineAt },
      tasks: [
        { job: 'A', status: 'completed' },
        { job: PAID, status: 'awaiting', awaited: { event: PAID, key: 'R-17' }, deadlineAt },
      ],
    });
  });

  it('is completed by the event, whose data is its result and what the next step gets', async () => {
    const { place, run, see, send } = await systemOf();
    await place();
    await run();
    const { status, body } = await send({ key: 'R-17', data: { cents: 1200 } });
    expect({ status, told: body.told }).toEqual({ status: 202, told: 1 });
    await run();
    const seen = await see();
    expect(seen).toMatchObject({
      ...{ status: 'completed', result: { had: { cents: 1200 } } },
      jobs: { [PAID]: { input: 'R-17', result: { cents: 1200 } } },
    });
    expect(seen.timeline.flatMap(({ eventId }) => eventId ?? [])).toEqual([body.eventId]);
  });

  it('takes an event that came a moment before it began, and up to a day before', async () => {
    const { place, run, see, send, now } = await systemOf();
    await send({ key: 'R-17', data: 'early' });
    now.at += DAY - 1000;
    await place();
    await run();
    expect(await see()).toMatchObject({ status: 'completed', result: { had: 'early' } });
  });

  it('takes no event that is older than a day', async () => {
    const { place, run, see, send, now } = await systemOf();
    await send({ key: 'R-17', data: 'too early' });
    now.at += DAY + 1000;
    await place();
    await run();
    expect((await see()).status).toBe('waiting');
  });

  it('is completed by the first of several events, also when their nudges come the other way round', async () => {
    const { place, run, see, send, ports, now } = await systemOf();
    await place();
    await run();
    await send({ key: 'R-17', data: 'first' });
    now.at += 5;
    await send({ key: 'R-17', data: 'second' });
    ports.messenger.sent.reverse();
    await run();
    expect((await see()).jobs[PAID]?.result).toBe('first');
  });

  it('takes an event that comes between its look for events and its place in the list', async () => {
    const { place, run, see, send, ports } = await systemOf();
    const { kept, await: list } = ports.awaitedEvents;
    let comes = 0;
    const come = async () => {
      comes += 1;
      if (comes === 1) await send({ key: 'R-17', data: 'in between' });
    };
    // Whichever comes first.
    Object.assign(ports.awaitedEvents, {
      kept: async (at: Parameters<typeof kept>[0]) => {
        const found = await kept(at);
        await come();
        return found;
      },
      await: async (...at: Parameters<typeof list>) => {
        await list(...at);
        await come();
      },
    });
    await place();
    await run();
    expect(await see()).toMatchObject({ status: 'completed', result: { had: 'in between' } });
  });

  it('is not woken by another type, another key, or an event without a key', async () => {
    const { place, run, see, send } = await systemOf();
    await place();
    await run();
    for (const body of [
      { key: 'R-18', data: 1 },
      { key: 'R-17', type: 'payment.refused', data: 1 },
      { data: 1 },
    ]) {
      const { body: receipt } = await send(body);
      expect(receipt.told ?? 0).toBe(0);
    }
    await run();
    expect((await see()).status).toBe('waiting');
  });

  it('wakes every order that waits under the key, each once', async () => {
    const { place, run, see, send } = await systemOf();
    for (const orderId of ['o', 'p']) await place(orderId);
    await place('q', 'R-18');
    await run();
    expect((await send({ key: 'R-17', data: 1 })).body.told).toBe(2);
    await run();
    expect([(await see('o')).status, (await see('p')).status, (await see('q')).status]).toEqual([
      ...['completed', 'completed', 'waiting'],
    ]);
    // Nobody is listed any more.
    expect((await send({ key: 'R-17', data: 2 })).body.told).toBe(0);
  });

  it('knows a key that is a number by its text', async () => {
    const { place, run, see, send } = await systemOf();
    await place('o', 17);
    await run();
    await send({ key: '17', data: 1 });
    await run();
    expect((await see()).status).toBe('completed');
  });

  it.each(['nothing', '""', 'true', '{"a": 1}'])(
    'fails where its key comes to no text and no number: %s',
    async (key) => {
      const { place, run, see } = await systemOf({ waitFor: { event: PAID, key } });
      await place();
      await run();
      const { status, error } = await see();
      expect({ status, code: error?.code }).toEqual({
        status: 'failed',
        code: 'EXPRESSION_FAILED',
      });
      expect(error?.message).toMatch(/^key: it came to .*; it must be a text that is not empty/);
    },
  );

  it('is completed by a CloudEvent whose subject is the key', async () => {
    const { place, run, see, call } = await systemOf();
    await place();
    await run();
    const event = { specversion: '1.0', id: 'e-1', source: '/bank', type: PAID, subject: 'R-17' };
    const body = JSON.stringify({ ...event, data: 'from the bank' });
    await call('POST', '/events', { body, type: 'application/cloudevents+json' });
    await run();
    expect(await see()).toMatchObject({ status: 'completed', result: { had: 'from the bank' } });
  });

  it('may stand in a parallel stage once for each element, and each takes an event of its own', async () => {
    const step = {
      forEach: '["x", "y"]',
      waitFor: { event: 'signed', key: 'attributes.invoice' },
    };
    const { place, run, see, send, now } = await systemOf(step, {
      activities: [{ name: 'a', parallel: ['A', step] }],
    });
    await place();
    await run();
    for (const data of ['one', 'two']) {
      now.at += 5;
      await send({ type: 'signed', key: 'R-17', data });
    }
    await run();
    expect(await see()).toMatchObject({
      status: 'completed',
      result: { A: 5, signed: ['one', 'two'] },
    });
  });

  it('takes no event that the order has taken before', async () => {
    const { place, run, see, send } = await systemOf(FOR_PAYMENT, {
      activities: [{ name: 'a', pre: [FOR_PAYMENT, FOR_PAYMENT] }],
    });
    await place();
    await run();
    await send({ key: 'R-17', data: 'first' });
    await run();
    expect(await see()).toMatchObject({ status: 'waiting', jobs: { [PAID]: { result: 'first' } } });
    await send({ key: 'R-17', data: 'second' });
    await run();
    expect(await see()).toMatchObject({ status: 'completed', result: 'second' });
  });

  it('takes not the event that has started its order', async () => {
    const { run, see, send } = await systemOf(FOR_PAYMENT, {
      on: [PAID],
      activities: [{ name: 'a', pre: [{ waitFor: { event: PAID, key: '"R-17"' } }] }],
    });
    const started = (await send({ key: 'R-17', data: 1 })).body.orders as { orderId: string }[];
    const orderId = started[0]?.orderId;
    await run();
    expect((await see(orderId)).status).toBe('waiting');
    await send({ key: 'R-17', data: 2 });
    await run();
    expect(await see(orderId)).toMatchObject({ status: 'completed', result: 2 });
  });
});

describe('an event for one order alone', () => {
  it('completes the step that waits for its type, with or without the key', async () => {
    const { place, run, see, sendTo } = await systemOf();
    for (const [orderId, key] of [
      ['o', undefined],
      ['p', 'R-17'],
    ] as const) {
      await place(orderId);
      await run();
      const { status } = await sendTo(orderId, { type: PAID, data: orderId, ...(key && { key }) });
      expect(status).toBe(202);
      await run();
      expect(await see(orderId)).toMatchObject({ status: 'completed', result: { had: orderId } });
    }
  });

  it('wakes no other order, and none under another key', async () => {
    const { place, run, see, sendTo } = await systemOf();
    await place('o');
    await place('p');
    await run();
    await sendTo('p', { type: PAID, key: 'R-18' });
    await run();
    expect([(await see('o')).status, (await see('p')).status]).toEqual(['waiting', 'waiting']);
  });

  it('goes to the next step that waits, where several of its order wait under different keys', async () => {
    const waits = ['"k1"', '"k2"'].map((key) => ({ waitFor: { event: PAID, key } }));
    const { place, run, see, sendTo, now } = await systemOf(FOR_PAYMENT, {
      activities: [{ name: 'a', parallel: waits }],
    });
    await place();
    await run();
    for (const data of [1, 2]) {
      now.at += 5;
      await sendTo('o', { type: PAID, data });
    }
    await run();
    expect(await see()).toMatchObject({
      ...{ status: 'completed', result: { [PAID]: 1, [`${PAID}#2`]: 2 } },
    });
  });

  it('is the only one for a step without a key, and may come before', async () => {
    const { place, run, see, send, sendTo } = await systemOf({ waitFor: 'approved' });
    await place();
    await sendTo('o', { type: 'approved' });
    await send({ type: 'approved', key: 'R-17', data: 1 });
    await run();
    expect(await see()).toMatchObject({ status: 'completed', result: { had: null } });
  });

  it('is refused for an order that is not there, and for one that has ended otherwise than by failing', async () => {
    const { place, run, sendTo, act } = await systemOf();
    expect(await sendTo('o', { type: PAID })).toMatchObject({
      ...{ status: 404, body: { code: 'NOT_FOUND' } },
    });
    await place();
    await run();
    await act('cancel');
    expect(await sendTo('o', { type: PAID })).toMatchObject({
      ...{ status: 409, body: { code: 'ORDER_ENDED' } },
    });
  });

  it('is one event under one key of idempotency, and no other', async () => {
    const { place, run, see, sendTo } = await systemOf(FOR_PAYMENT, {
      activities: [{ name: 'a', pre: [FOR_PAYMENT, FOR_PAYMENT] }],
    });
    await place();
    await run();
    const headers = { 'idempotency-key': 'k' };
    for (let times = 0; times < 2; times += 1) {
      expect((await sendTo('o', { type: PAID, data: 1 }, { headers })).status).toBe(202);
      await run();
    }
    expect((await see()).status).toBe('waiting');
    expect(await sendTo('o', { type: PAID, data: 2 }, { headers })).toMatchObject({
      ...{ status: 409, body: { code: 'IDEMPOTENCY_CONFLICT' } },
    });
  });

  it('takes an operator: a client could vouch for its own payment', async () => {
    const { call, place, run, sendTo } = await systemOf();
    await call('PUT', '/clients/acme', { body: { workflow: 'w' } });
    await place();
    await run();
    const as = { kind: 'client', client: 'acme' };
    expect(await sendTo('o', { type: PAID }, { as })).toMatchObject({
      ...{ status: 403, body: { code: 'FORBIDDEN' } },
    });
  });
});

describe('the time of a wait for an event', () => {
  it('ends with EVENT_TIMEOUT, which fails the order, and the order is listed as waiting no more', async () => {
    const { see, sweepAt, send, now } = await waitingForPayment();
    await sweepAt(now.at + 600_000);
    const { status, error } = await see();
    expect({ status, error }).toMatchObject({
      status: 'failed',
      error: {
        code: 'EVENT_TIMEOUT',
        message: `${PAID} under the key R-17 did not come within 600 s`,
      },
    });
    expect((await send({ key: 'R-17', data: 1 })).body.told).toBe(0);
  });

  it('fails no order where the step is optional', async () => {
    const { place, run, see, sweepAt, now } = await systemOf({
      ...{ ...FOR_PAYMENT, timeoutSeconds: 600 },
      mandatory: false,
    });
    await place();
    await run();
    await sweepAt(now.at + 600_000);
    expect(await see()).toMatchObject({ status: 'completed', result: { had: 5 } });
  });

  it('is seven days by default', async () => {
    const { place, run, see, sweepAt, now } = await systemOf();
    await place();
    await run();
    const begun = now.at;
    await sweepAt(begun + 7 * DAY - 1);
    expect((await see()).status).toBe('waiting');
    await sweepAt(begun + 7 * DAY);
    expect((await see()).error?.code).toBe('EVENT_TIMEOUT');
  });

  it('begins again when the failed order is retried, which takes what has come meanwhile', async () => {
    const { run, see, sweepAt, send, act, now } = await waitingForPayment();
    await sweepAt(now.at + 600_000);
    await act('retry');
    await run();
    expect((await see()).status).toBe('waiting');
    await sweepAt(now.at + 600_000);
    await send({ key: 'R-17', data: 'late' });
    await act('retry');
    await run();
    expect(await see()).toMatchObject({ status: 'completed', result: { had: 'late' } });
  });

  it('may go on under a key that a person gives', async () => {
    const { run, see, sweepAt, send, act, now } = await waitingForPayment();
    await sweepAt(now.at + 600_000);
    await act('retry', { input: 'R-71' });
    await run();
    await send({ key: 'R-71', data: 1 });
    await run();
    expect(await see()).toMatchObject({ status: 'completed', result: { had: 1 } });
  });

  it('stands still while the order is paused, and an event that comes meanwhile counts', async () => {
    const { run, see, sweepAt, send, act, now } = await waitingForPayment();
    await act('pause');
    await sweepAt(now.at + 2 * DAY);
    expect((await see()).status).toBe('paused');
    await send({ key: 'R-17', data: 'meanwhile' });
    await run();
    now.at += 2 * DAY;
    await act('resume');
    await run();
    expect(await see()).toMatchObject({ status: 'completed', result: { had: 'meanwhile' } });
  });

  it('does not run out in a pause', async () => {
    const { see, sweepAt, act, now } = await waitingForPayment();
    now.at += 300_000;
    await act('pause');
    now.at += DAY;
    await act('resume');
    await sweepAt(now.at + 299_000);
    expect((await see()).status).toBe('waiting');
    await sweepAt(now.at + 1000);
    expect((await see()).error?.code).toBe('EVENT_TIMEOUT');
  });
});

describe('an order that waits for an event', () => {
  it('is called off when it is cancelled', async () => {
    const { place, run, see, act, send } = await systemOf();
    await place();
    await run();
    await act('cancel');
    expect((await see()).status).toBe('cancelled');
    expect((await send({ key: 'R-17', data: 1 })).body.told).toBe(0);
  });

  it('goes on with the result that a person gives instead', async () => {
    const { place, run, see, act } = await systemOf();
    await place();
    await run();
    await act('skip', { task: PAID, result: 'by hand' });
    await run();
    expect(await see()).toMatchObject({ status: 'completed', result: { had: 'by hand' } });
  });

  it('goes on though whoever took the event died before it sent the next task', async () => {
    const { place, run, see, send, ports, system } = await systemOf();
    await place();
    await run();
    await send({ key: 'R-17', data: 1 });
    const [nudge] = ports.messenger.sent
      .splice(0)
      .flatMap((one) => (one.to === 'orchestrator' ? [one.body] : []));
    const { Records } = sqsEvent([nudge ?? {}]);
    await system.orchestrate({ Records }, CONTEXT);
    ports.messenger.sent.length = 0;
    for (const { attributes } of Records) attributes.ApproximateReceiveCount = '2';
    await system.orchestrate({ Records }, CONTEXT);
    await run();
    expect(await see()).toMatchObject({ status: 'completed', result: { had: 1 } });
  });

  it('is taken off the list by the event that finds it gone, if whoever was to do so died', async () => {
    const { place, run, send, ports, act } = await systemOf();
    await place();
    await run();
    await act('cancel');
    const place1 = { orderId: 'o', taskId: 't2', attempt: 1, eventType: PAID, key: 'R-17' };
    await ports.awaitedEvents.await(place1, Infinity);
    expect((await send({ key: 'R-17', data: 1 })).body.told).toBe(1);
    await run();
    expect((await send({ key: 'R-17', data: 2 })).body.told).toBe(0);
  });
});
