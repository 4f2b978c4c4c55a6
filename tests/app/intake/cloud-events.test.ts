import { describe, expect, it } from '@jest/globals';
import { CloudEvent, HTTP } from 'cloudevents';
import type { Json } from '../../../src/core/json.ts';
import type { CallOptions, System } from '../system.ts';
import { createSystem } from '../system.ts';

const DATA = { path: 'in/1.jpg' };
const EVENT = {
  specversion: '1.0',
  id: 'e-1',
  source: '/cameras/7',
  type: 'photo.received',
  subject: 'gate 3',
  time: '2026-11-21T08:00:00Z',
  severity: 'high',
  data: DATA,
};
const STRUCTURED = 'application/cloudevents+json';

async function listening(): Promise<System> {
  const system = createSystem();
  const definition = { on: ['photo.received'], activities: [{ name: 'a', pre: ['A'] }] };
  await system.call('PUT', '/workflows/photos', { body: definition });
  return system;
}

interface Started {
  readonly orders: readonly { readonly orderId: string }[];
}

const send = (system: System, options: CallOptions) =>
  system.call<Started>('POST', '/events', options);
const structured = (event: object) => ({ body: JSON.stringify(event), type: STRUCTURED });

async function orderOf(system: System, { body }: { body: Started }) {
  const order = await system.call<{ input: Json; attributes: object }>(
    'GET',
    `/orders/${body.orders[0]?.orderId}`,
  );
  return order.body;
}

describe('a CloudEvent', () => {
  it('in the body starts orders with its data, and with what it says of itself as attributes', async () => {
    const system = await listening();
    const reply = await send(system, structured(EVENT));
    expect(reply.status).toBe(202);
    expect(await orderOf(system, reply)).toMatchObject({
      input: DATA,
      attributes: {
        ...{ id: 'e-1', source: '/cameras/7', subject: 'gate 3', severity: 'high' },
        time: '2026-11-21T08:00:00Z',
      },
    });
  });

  it.each(['structured', 'binary'] as const)('of the SDK is taken, %s', async (mode) => {
    const system = await listening();
    const event = new CloudEvent({ ...EVENT, subject: 'Tür 3' });
    const { headers, body } = HTTP[mode](event);
    const flat = Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      String(value),
    ]);
    const reply = await send(system, { body: String(body), headers: Object.fromEntries(flat) });
    expect(reply.status).toBe(202);
    const order = await orderOf(system, reply);
    expect(order.input).toEqual(DATA);
    expect(order).toMatchObject({ attributes: { source: '/cameras/7', severity: 'high' } });
  });

  it('beside its data has percent-encoded headers, and may have no data', async () => {
    const system = await listening();
    const headers = {
      ...{ 'ce-specversion': '1.0', 'ce-id': 'e-1', 'ce-source': '/cameras/7' },
      ...{ 'ce-type': 'photo.received', 'ce-subject': 'T%C3%BCr%203' },
    };
    const reply = await send(system, { headers });
    expect(reply.status).toBe(202);
    expect(await orderOf(system, reply)).toMatchObject({
      input: null,
      attributes: { subject: 'Tür 3' },
    });
  });

  // Was: the document allowed no null, and what was null was taken whatever its name.
  it('has no attribute that is null, and none of a wrong name', async () => {
    const system = await listening();
    const nothing = { subject: null, time: null, dataschema: null, datacontenttype: null };
    const sent = await send(system, structured({ ...EVENT, ...nothing, camera: null }));
    const { attributes } = await orderOf(system, sent);
    expect(attributes).toEqual({ id: 'e-1', source: '/cameras/7', severity: 'high' });
    const wrong = await system.call('POST', '/events', structured({ ...EVENT, 'my-camera': null }));
    expect(wrong).toMatchObject({ status: 422, body: { path: 'my-camera' } });
  });

  it('that comes twice starts nothing twice, in whichever mode, and another source is another event', async () => {
    const system = await listening();
    const { data: _, ...attributes } = EVENT;
    const headers = Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [`ce-${name}`, encodeURIComponent(value)]),
    );
    const first = await send(system, structured(EVENT));
    const again = await send(system, structured({ ...EVENT, traceparent: null }));
    const beside = await send(system, { body: DATA, headers });
    const other = await send(system, structured({ ...EVENT, source: '/cameras/8' }));
    const idOf = ({ body }: typeof first) => body.orders[0]?.orderId;
    expect([again, beside].map(idOf)).toEqual([idOf(first), idOf(first)]);
    expect(idOf(other)).not.toBe(idOf(first));
    const changed = await system.call('POST', '/events', structured({ ...EVENT, data: 1 }));
    expect(changed).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_CONFLICT' } });
  });

  it('hangs where it says in a trace', async () => {
    const system = await listening();
    const traceparent = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
    const reply = await send(system, structured({ ...EVENT, traceparent }));
    const [entry] = system.ports.journal.all().get(reply.body.orders[0]?.orderId ?? '') ?? [];
    expect(JSON.stringify(entry)).toContain('1'.repeat(32));
    expect(await orderOf(system, reply)).not.toHaveProperty('attributes.traceparent');
  });

  it.each([
    ['specversion', { specversion: '0.3' }],
    ['id', { id: '' }],
    ['source', { source: undefined }],
    ['type', { type: 7 }],
    ['time', { time: 'yesterday' }],
    ['datacontenttype', { datacontenttype: 'text/plain' }],
    ['data_base64', { data: undefined, data_base64: 'AAAA' }],
    ['severity', { severity: ['high'] }],
    ['Severity', { Severity: 'high' }],
  ])('with a wrong %s is refused by its name, and changes nothing', async (path, change) => {
    const system = await listening();
    const { status, body } = await system.call(
      'POST',
      '/events',
      structured({ ...EVENT, ...change }),
    );
    expect([status, body.code, body.path]).toEqual([422, 'INVALID_REQUEST', path]);
    expect(system.ports.journal.all().size).toBe(0);
  });

  it.each([
    ['a batch', { body: '[]', type: 'application/cloudevents-batch+json' }],
    ['another format', { body: '<a/>', type: 'application/cloudevents+xml' }],
    [
      'data that is no JSON',
      {
        body: 'hello',
        headers: {
          ...{ 'content-type': 'text/plain', 'ce-specversion': '1.0', 'ce-id': '1' },
          ...{ 'ce-source': '/a', 'ce-type': 'photo.received' },
        },
      },
    ],
  ])('as %s is not taken', async (_, options) => {
    const system = await listening();
    const { status, body } = await system.call('POST', '/events', options);
    expect([status, body.code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
  });

  it('with a header that is no UTF-8 is refused', async () => {
    const system = await listening();
    const headers = { 'ce-specversion': '1.0', 'ce-id': '%FF' };
    const { body } = await system.call('POST', '/events', { headers });
    expect(body).toMatchObject({ code: 'INVALID_REQUEST', path: 'ce-id' });
  });
});
