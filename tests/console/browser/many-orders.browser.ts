import { beforeAll, expect, it } from '@jest/globals';
import { consoleSession } from './console-session.ts';

const ORDERS = 10_000;
const PAGES = 6;

/** What holds the main thread for longer is felt. Generous: the machine does much else. */
const LONGEST_TASK_MS = 1000;

const session = consoleSession();

beforeAll(async () => {
  const orders = Array.from({ length: ORDERS }, (_, index) => ({
    ...{ input: index, workflow: 'slow', orderId: `many-${String(index).padStart(5, '0')}` },
    attributes: { customer: `c-${index % 7}` },
  }));
  // They wait for an hour, so that they cost no work.
  await fetch(`${session.stack.url}/workflows/slow`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ activities: [{ name: 'first', pre: [{ wait: '1h' }, 'A'] }] }),
  });
  const { rejected } = await session.stack.baton.placeMany(orders);
  expect(rejected).toEqual([]);
}, 1_200_000);

it(`of ${ORDERS} orders, the list shows fifty, and fifty more for each press; the page never stands still`, async () => {
  const page = await session.visit('/orders');
  await page.evaluate(() => {
    const longest = { ms: 0 };
    Object.assign(globalThis, { longest });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longest.ms = Math.max(longest.ms, duration);
    }).observe({ type: 'longtask' });
  });
  await page.getByText('50 orders shown').waitFor();
  for (let pages = 2; pages <= PAGES; pages += 1) {
    await page.getByRole('button', { name: 'Look further back' }).click();
    await page.getByText(`${pages * 50} orders shown`).waitFor();
  }
  expect(await page.locator('tbody tr').count()).toBe(PAGES * 50);
  await page.getByLabel('Id begins with').fill('many-00007');
  await page.keyboard.press('Enter');
  await page.getByText('found so far').waitFor();
  const longest = await page.evaluate(() => Reflect.get(globalThis, 'longest') as { ms: number });
  console.log(`the longest task of the page took ${Math.round(longest.ms)} ms`);
  expect(longest.ms).toBeLessThan(LONGEST_TASK_MS);
});
