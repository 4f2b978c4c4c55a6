import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { parse } from 'yaml';
import { makeService } from '../../examples/running-system/split.ts';
import { CACHED_MS } from '../../src/ports/registry.ts';
import { until } from '../local/until.ts';
import { OrderSystem, type SeenOrder } from './order-system.ts';

jest.setTimeout(480_000);

const system = new OrderSystem('joined');
beforeAll(async () => {
  makeService('security', join(system.plugins, 'security'));
  await system.start();
});
afterAll(() => system.remove());

function definition(name: string): { activities: object[] } {
  const file = `../../plugins/security/workflows/${name}.yml`;
  return parse(readFileSync(fileURLToPath(new URL(file, import.meta.url)), 'utf8'));
}

interface Started {
  readonly orderId: string;
  readonly version: number;
}

async function alarm(): Promise<Started> {
  const data = {
    ...{ eventId: 'e', kind: 'intrusion', site: 'harbour' },
    occurredAt: '2026-11-21T03:04:05Z',
  };
  const event = { type: 'security.event', data, attributes: { severity: 'high' } };
  const { orders } = await system.call<{ orders: Started[] }>('POST', '/events', event);
  expect(orders).toHaveLength(1);
  return orders[0] as Started;
}

const jobsOf = ({ jobs }: SeenOrder) => Object.keys(jobs).sort().join(' ');

async function registrations(): Promise<Record<string, string>> {
  const { plugins } = await system.call<{ plugins: { name: string; registeredAt: string }[] }>(
    'GET',
    '/plugins',
  );
  return Object.fromEntries(plugins.map(({ name, registeredAt }) => [name, registeredAt]));
}

it('a service that is deployed while orders flow joins the later ones; no order fails, and no other service is touched', async () => {
  await system.call('PUT', '/workflows/security-event', definition('security-event'));
  const early = [await alarm(), await alarm()].map(({ orderId }) => orderId);
  expect((await system.ended(early)).map(jobsOf)).toEqual(Array(2).fill('notification security'));
  const before = await registrations();

  makeService('reporting', join(system.plugins, 'reporting'));
  const meanwhile: string[] = [];
  await until('reporting is known everywhere', async () => {
    meanwhile.push((await alarm()).orderId);
    const { reporting } = await registrations();
    return reporting !== undefined && Date.now() > Date.parse(reporting) + CACHED_MS;
  });
  const late = [await alarm(), await alarm()].map(({ orderId }) => orderId);

  const ended = await system.ended([...early, ...meanwhile, ...late]);
  expect([...new Set(ended.map(({ status }) => status))]).toEqual(['completed']);
  for (const order of await system.ended(late)) {
    expect(jobsOf(order)).toBe('notification reporting security');
  }
  expect(await registrations()).toEqual({ ...before, reporting: expect.any(String) });
});

it('a second workflow and its service are added at run time; both workflows share the plugins that inform', async () => {
  const put = await system.call('PUT', '/workflows/unit-event', definition('unit-event'));
  expect(put).toEqual({
    ...{ name: 'unit-event', version: 1 },
    warnings: ['plugin unit is not registered yet'],
  });
  makeService('unit', join(system.plugins, 'unit'));
  await system.stack.says('unit: deployed');
  const data = {
    ...{ eventId: 'e', unitId: 'patrol-7', kind: 'patrol', status: 'on-scene' },
    position: { latitude: 53.63, longitude: 9.99 },
    occurredAt: '2026-11-21T03:04:05Z',
  };
  const event = { type: 'unit.event', data, attributes: { severity: 'low' } };
  const { orders } = await system.call<{ orders: Started[] }>('POST', '/events', event);
  const [order] = await system.ended(orders.map(({ orderId }) => orderId));
  expect([order?.status, order && jobsOf(order)]).toEqual(['completed', 'reporting unit']);
});

it('a new version of a workflow is for new orders; running orders keep theirs', async () => {
  const { activities, ...rest } = definition('security-event');
  const pause = { name: 'pause', pre: [{ wait: '2s' }] };
  const patient = {
    ...rest,
    activities: [...activities.slice(0, 1), pause, ...activities.slice(1)],
  };
  await system.call('PUT', '/workflows/security-event', patient);
  const older = await alarm();
  await system.call('PUT', '/workflows/security-event', definition('security-event'));
  const newer = await alarm();
  expect([older.version, newer.version]).toEqual([2, 3]);

  const [slow, fast] = await system.ended([older.orderId, newer.orderId]);
  expect(tookMs(slow)).toBeGreaterThanOrEqual(2000);
  expect([slow?.status, fast?.status]).toEqual(['completed', 'completed']);
  expect(Date.parse(String(fast?.endedAt))).toBeLessThan(Date.parse(String(slow?.endedAt)));
});

function tookMs(order: SeenOrder | undefined): number {
  return Date.parse(String(order?.endedAt)) - Date.parse(String(order?.acceptedAt));
}
