import { describe, expect, it } from '@jest/globals';
import { RefusedError, UnreachableError, WaitedTooLongError } from '../../src/cli/errors.ts';
import { waitForOrders } from '../../src/cli/wait-for-orders.ts';

const refused = (status: number) =>
  new RefusedError({ status, code: 'UNAVAILABLE', detail: 'try again' });

/** Orders that end after they have been read a number of times. */
function apiOf(rounds: Readonly<Record<string, number>>) {
  const asked: string[] = [];
  let atOnce = 0;
  let mostAtOnce = 0;
  return {
    url: 'http://api',
    asked,
    mostAtOnce: () => mostAtOnce,
    async get<T>(path: string): Promise<T> {
      const orderId = path.replace('/orders/', '');
      asked.push(orderId);
      atOnce += 1;
      mostAtOnce = Math.max(mostAtOnce, atOnce);
      await Promise.resolve();
      atOnce -= 1;
      const times = asked.filter((one) => one === orderId).length;
      const status = times > (rounds[orderId] ?? 0) ? 'completed' : 'running';
      return { orderId, status } as T;
    },
  };
}

describe('waiting for orders', () => {
  it('ends when all have ended, and returns them in the given sequence', async () => {
    const api = apiOf({ a: 2, b: 0, c: 1 });
    const ended: string[] = [];
    const orders = await waitForOrders(api, ['a', 'b', 'c'], {
      onEnded: ({ orderId }) => ended.push(orderId),
    });
    expect(orders.map(({ orderId }) => orderId)).toEqual(['a', 'b', 'c']);
    expect(ended).toEqual(['b', 'c', 'a']);
  });

  it('reads an order that has ended once, and few orders at a time', async () => {
    const orderIds = Array.from({ length: 100 }, (_, index) => `order-${index}`);
    const api = apiOf({});
    await waitForOrders(api, orderIds);
    expect(api.asked).toEqual(orderIds);
    expect(api.mostAtOnce()).toBeLessThanOrEqual(4);
  });

  it('is not held up by one order that takes long', async () => {
    const api = apiOf({ long: 3 });
    const ended: string[] = [];
    const orderIds = ['long', ...Array.from({ length: 20 }, (_, index) => `order-${index}`)];
    await waitForOrders(api, orderIds, { onEnded: ({ orderId }) => ended.push(orderId) });
    expect(ended.at(-1)).toBe('long');
    expect(api.asked.length).toBe(24);
  });

  it('reads an order that is listed twice once', async () => {
    const api = apiOf({});
    const orders = await waitForOrders(api, ['a', 'a']);
    expect(orders.length).toBe(2);
    expect(api.asked).toEqual(['a']);
  });

  it('gives up after the limit, and says how many orders are left', async () => {
    const waiting = waitForOrders(apiOf({ a: 1e9 }), ['a', 'b'], { limitMs: 1 });
    await expect(waiting).rejects.toThrow(WaitedTooLongError);
    await expect(waiting).rejects.toThrow('1 of 2 orders have not ended; they go on');
  });

  // Was: a 429 ended the wait, though the client's waits on. Now: both know what passes from one function.
  it.each([
    ['silent', new UnreachableError('gone')],
    ['unwell', refused(503)],
    ['busy', refused(429)],
  ])('goes on when the system was %s for a moment', async (_, error) => {
    const api = apiOf({});
    let calls = 0;
    const restarting = {
      url: api.url,
      async get<T>(path: string): Promise<T> {
        calls += 1;
        if (calls < 3) throw error;
        return api.get<T>(path);
      },
    };
    const [order] = await waitForOrders(restarting, ['a']);
    expect(order?.status).toBe('completed');
  });
});
