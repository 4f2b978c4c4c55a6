import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type MeasuredSystem, startMeasuredSystem } from '../../bench/measured-system.ts';
import { completedOrders, placeOrder, placeOrders } from '../../bench/orders.ts';

const KB = 1024;
const START_MS = 120_000;

/** What AWS would bill for an order that has the system to itself. Lower a number when the work has become cheaper. */
describe('an order', () => {
  let system: MeasuredSystem;

  beforeAll(async () => {
    system = await startMeasuredSystem({ plugins: 8 });
  }, START_MS);

  afterAll(() => system.stop(), START_MS);

  async function usageOf(shape: Parameters<typeof placeOrder>[1]) {
    // The first order meets instances that start, and a workflow that is new.
    const ids = [await placeOrder(system.apiUrl, shape)];
    await system.quiet();
    const usage = await system.measure(async () => {
      ids.push(await placeOrder(system.apiUrl, shape));
    });
    await completedOrders(system.apiUrl, ids);
    return usage;
  }

  it(
    'that is alone costs eleven write units, 33 requests to SQS and eleven invocations for five tasks in a row',
    async () => {
      const usage = await usageOf({ tasks: 5, payloadBytes: KB });
      // One of them counts its end, which happens six times a minute at most.
      expect(usage.writeUnits).toBeLessThanOrEqual(11);
      expect(usage.sqs).toBeLessThanOrEqual(33);
      expect(usage.sns).toBeLessThanOrEqual(2);
      expect(usage.invocations).toBe(11);
    },
    START_MS,
  );

  it(
    'that is alone publishes a parallel stage once, whatever the number of its plugins',
    async () => {
      const usage = await usageOf({ tasks: 8, parallel: true, payloadBytes: KB });
      expect(usage.sns).toBeLessThanOrEqual(3);
      // Each of the eight answers may come alone, and have an entry of its own; some do on a slow machine.
      expect(usage.writeUnits).toBeLessThanOrEqual(24);
    },
    START_MS,
  );

  it(
    'has two write units of its own less with others of its request',
    async () => {
      const shape = { tasks: 1, payloadBytes: KB };
      const ids = [...(await placeOrders(system.apiUrl, shape, 10))];
      await system.quiet();
      const usage = await system.measure(async () => {
        ids.push(...(await placeOrders(system.apiUrl, shape, 10)));
      });
      await completedOrders(system.apiUrl, ids);
      // Four of each, and their place: one when they come, one when they have gone, and one for each batch in which some of them end,
      // which may be as many as there are on a slow machine. And their ends are counted.
      expect(usage.writeUnits).toBeLessThanOrEqual(10 * 4 + 2 + 10 + 2);
    },
    START_MS,
  );
});
