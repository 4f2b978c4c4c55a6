import { describe, expect, it } from '@jest/globals';
import * as plugins from '../../plugins/security/handler.ts';
import { performOnce } from '../../src/sdk/testing.ts';

const intrusion = {
  eventId: 'se-1001',
  kind: 'intrusion',
  site: 'harbour',
  zone: 'loading dock',
  confidence: 0.95,
  occurredAt: '2026-11-21T01:12:00Z',
};
const assessment = {
  eventId: 'se-1001',
  level: 'high',
  headline: 'Intrusion at harbour, loading dock',
  action: 'Send every unit and call the police',
  respondWithinMinutes: 5,
  occurredAt: '2026-11-21T01:12:00Z',
  threat: 0.86,
};
const patrol = {
  eventId: 'ue-7',
  unitId: 'patrol-12',
  kind: 'patrol',
  status: 'on-scene',
  position: { latitude: 53.5451, longitude: 9.9701 },
  occurredAt: '2026-11-21T02:00:00Z',
};

describe('security', () => {
  it('assesses an alarm by its kind and the confidence of the sensor', async () => {
    expect(await performOnce(plugins.security, intrusion)).toMatchObject({ result: assessment });
  });

  it.each([
    [{ kind: 'camera-lost', confidence: 0.5 }, 'low'],
    [{ kind: 'camera-lost' }, 'guarded'],
    [{ kind: 'vandalism' }, 'elevated'],
    [{ kind: 'fire' }, 'high'],
  ])('puts %j at the level %s', async (change, level) => {
    const { confidence: _, ...certain } = intrusion;
    const performed = await performOnce(plugins.security, { ...certain, ...change });
    expect(performed).toMatchObject({ status: 'completed', result: { level } });
  });

  it('refuses an alarm of an unknown kind, naming the field', async () => {
    expect(await performOnce(plugins.security, { ...intrusion, kind: 'ghost' })).toMatchObject({
      retry: 'never',
      error: { code: 'INVALID_INPUT', message: expect.stringContaining('input.kind: ') },
    });
  });
});

describe('unit', () => {
  it('assesses a report and finds the nearest site', async () => {
    expect(await performOnce(plugins.unit, patrol)).toMatchObject({
      result: {
        eventId: 'ue-7',
        level: 'guarded',
        headline: 'patrol-12 is on scene, 287 m from harbour',
        nearestSite: 'harbour',
        distanceMetres: 287,
      },
    });
  });

  it('raises the level of a unit whose battery is low', async () => {
    const low = { ...patrol, status: 'available' };
    expect(await performOnce(plugins.unit, low)).toMatchObject({ result: { level: 'low' } });
    const flat = await performOnce(plugins.unit, { ...low, batteryPercent: 9 });
    expect(flat).toMatchObject({
      result: {
        level: 'guarded',
        headline: 'patrol-12 is available, 287 m from harbour, battery at 9 %',
      },
    });
  });
});

describe('what informs', () => {
  it('notification tells everyone whom the level calls for, under ids that stay', async () => {
    const setting = { orderId: 'o-1', job: 'notification' };
    const performed = await performOnce(plugins.notification, assessment, setting);
    const text =
      '[HIGH] Intrusion at harbour, loading dock. Send every unit and call the police within 5 min.';
    expect(performed).toMatchObject({
      result: {
        eventId: 'se-1001',
        notifications: [
          { id: 'o-1/notification/push', channel: 'push', to: 'control-room', text },
          { id: 'o-1/notification/sms', channel: 'sms', to: 'shift-leader', text },
          { id: 'o-1/notification/call', channel: 'call', to: 'police-liaison', text },
        ],
      },
    });
    const again = await performOnce(plugins.notification, assessment, { ...setting, attempt: 2 });
    expect(again).toMatchObject({ result: 'result' in performed ? performed.result : undefined });
  });

  it('reporting makes a record for the day of the event', async () => {
    const setting = { orderId: 'o-1', job: 'reporting', workflow: 'security-event' };
    expect(await performOnce(plugins.reporting, assessment, setting)).toMatchObject({
      result: {
        recordId: 'o-1/reporting',
        day: '2026-11-21',
        eventId: 'se-1001',
        workflow: 'security-event',
        level: 'high',
        summary: 'Intrusion at harbour, loading dock (send every unit and call the police)',
      },
    });
  });

  it('both take what unit makes of its event', async () => {
    const performed = await performOnce(plugins.unit, patrol);
    const assessed = performed.status === 'completed' ? performed.result : undefined;
    const informed = { status: 'completed', result: { eventId: 'ue-7' } };
    expect(await performOnce(plugins.notification, assessed)).toMatchObject(informed);
    expect(await performOnce(plugins.reporting, assessed)).toMatchObject(informed);
  });
});
