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
export async function showEvents({ api, checks }: Demonstration): Promise<void> {
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
}
