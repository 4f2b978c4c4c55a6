import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type MeasuredSystem, startMeasuredSystem } from '../../bench/measured-system.ts';
import { completedOrders, placeOrder } from '../../bench/orders.ts';

const KB = 1024;
const START_MS = 120_000;

/** What AWS would bill for one order that has the system to itself. Lower a number when the work has become cheaper. */
describe('an order that is alone', () => {
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
    'costs eleven write units, 33 requests to SQS and eleven invocations for five tasks in a row',
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
    'publishes a parallel stage once, whatever the number of its plugins',
    async () => {
      const usage = await usageOf({ tasks: 8, parallel: true, payloadBytes: KB });
      expect(usage.sns).toBeLessThanOrEqual(3);
      // Each of the eight answers may come alone, and have an entry of its own; some do on a slow machine.
      expect(usage.writeUnits).toBeLessThanOrEqual(24);
    },
    START_MS,
  );
});
