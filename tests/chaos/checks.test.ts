import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { OrderSystem } from '../stack/order-system.ts';
import { leftBehind } from './checks.ts';

/** Which orders the list shows, and how many are active whenever somebody asks. */
const world = { listed: ['o-1', 'o-2'], active: [2, 1, 0] };
const server = createServer(({ url = '' }, response) => {
  const active = world.active.length > 1 ? world.active.shift() : world.active[0];
  const orders = world.listed.map((orderId) => ({ orderId }));
  response.end(JSON.stringify({ orders: url === '/status' ? { active } : orders }));
});
let system: OrderSystem;

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const call = async (_method: string, path: string) => (await fetch(apiUrl + path)).json();
  system = { stack: { running: () => ({ apiUrl }) }, call } as unknown as OrderSystem;
});
afterAll(() => void server.close());

const PLACED = [{ orderId: 'o-1' }, { orderId: 'o-2' }];

// Was: orders that had just ended were counted as active, since a process was killed before it had put away the items by which they are found.
// Now: the sweep gets its time to put them away.
it('nothing is left behind once the sweep has put away what killed processes left', async () => {
  world.active = [2, 1, 0];
  expect(await leftBehind(system, PLACED, 1)).toEqual([]);
  expect(world.active).toEqual([0]);
});

it('orders that are missing, doubled or strange are left behind', async () => {
  world.listed = ['o-1', 'o-1', 'o-3'];
  expect(await leftBehind(system, PLACED, 1)).toEqual([
    '1 orders are listed twice',
    'nobody placed o-3',
    'not listed: o-2',
  ]);
});
