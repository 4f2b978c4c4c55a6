import { randomUUID } from 'node:crypto';
import { json } from '../../src/cli/api.ts';
import type { Receipt } from '../../src/cli/responses.ts';
import type { Demonstration } from './demonstration.ts';
import { untilEnded } from './demonstration.ts';

interface Example {
  readonly event: { readonly type: string; readonly data: object; readonly attributes: object };
  readonly workflow: string;
  readonly result: (orderId: string) => object;
}

const EXAMPLES: readonly Example[] = [
  {
    event: {
      type: 'security.event',
      data: {
        eventId: 'event-1',
        kind: 'intrusion',
        site: 'harbour',
        zone: 'gate 3',
        occurredAt: '2026-11-21T03:04:05Z',
      },
      attributes: { severity: 'high' },
    },
    workflow: 'security-event',
    result: (orderId) => ({
      notification: {
        eventId: 'event-1',
        notifications: [
          ['push', 'control-room'],
          ['sms', 'shift-leader'],
          ['call', 'police-liaison'],
        ].map(([channel, to]) => ({
          id: `${orderId}/notification/${channel}`,
          channel,
          to,
          text: '[HIGH] Intrusion at harbour, gate 3. Send every unit and call the police within 5 min.',
        })),
      },
      reporting: {
        recordId: `${orderId}/reporting`,
        day: '2026-11-21',
        eventId: 'event-1',
        workflow: 'security-event',
        level: 'high',
        summary: 'Intrusion at harbour, gate 3 (send every unit and call the police)',
      },
    }),
  },
  {
    event: {
      type: 'unit.event',
      data: {
        eventId: 'event-2',
        unitId: 'patrol-7',
        kind: 'patrol',
        status: 'on-scene',
        position: { latitude: 53.6304, longitude: 9.9882 },
        occurredAt: '2026-11-21T03:10:00Z',
      },
      attributes: { severity: 'low' },
    },
    workflow: 'unit-event',
    // The severity is low: the filter of the plugin notification leaves the event out.
    result: (orderId) => ({
      reporting: {
        recordId: `${orderId}/reporting`,
        day: '2026-11-21',
        eventId: 'event-2',
        workflow: 'unit-event',
        level: 'guarded',
        summary: 'patrol-7 is on scene, 0 m from airport (watch the cameras)',
      },
    }),
  },
];

/** The sender of an event knows neither the workflows that it starts nor the plugins that take part. */
export async function showEvents(demonstration: Demonstration): Promise<void> {
  const { api, checks } = demonstration;
  checks.title('Events');
  for (const { event, workflow, result } of EXAMPLES) {
    const { body } = await api.post<{ orders: readonly Receipt[] }>('/events', json(event));
    const started = body.orders.find((order) => order.workflow === workflow);
    checks.equal(
      `${event.type} starts`,
      body.orders.map((order) => order.workflow),
      [workflow],
    );
    if (started === undefined) continue;
    const order = await untilEnded(api, started.orderId);
    if (!checks.completed(event.type, order)) continue;
    checks.pass(
      `${event.type} → ${workflow}: ${order.tasks.map(({ plugin }) => plugin).join(', ')}`,
      checks.equal(`${event.type}: result`, order.result, result(order.orderId)),
    );
  }
  await showCloudEvent(demonstration);
}

/** The same event as a CloudEvent, twice: its source and its id make it one. */
async function showCloudEvent({ api, checks }: Demonstration): Promise<void> {
  const [, { event, workflow }] = EXAMPLES as readonly [Example, Example];
  const { type, data, attributes } = event;
  const cloudEvent = {
    ...{ specversion: '1.0', id: randomUUID(), source: '/patrols/7', type, data },
    ...attributes,
  };
  const content = {
    body: Buffer.from(JSON.stringify(cloudEvent)),
    mediaType: 'application/cloudevents+json',
  };
  const post = async () =>
    (await api.post<{ orders: readonly Receipt[] }>('/events', content)).body.orders[0];
  const [first, again] = [await post(), await post()];
  if (first === undefined) return;
  const order = await untilEnded(api, first.orderId);
  checks.completed('a CloudEvent', order);
  checks.pass(
    `a CloudEvent starts ${workflow}, once however often it comes`,
    checks.equal('the workflow that a CloudEvent starts', first.workflow, workflow),
    checks.equal('the order of the same CloudEvent', again?.orderId, first.orderId),
  );
}
