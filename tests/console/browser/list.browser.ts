import { beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { consoleSession } from './console-session.ts';
import { axeFindings, isTooWide, takePicture } from './open-browser.ts';

const session = consoleSession();
const { visit } = session;

/** Orders that wait for an hour, so that they cost no work. */
async function placeWaiting(count: number) {
  const orders = Array.from({ length: count }, (_, index) => ({ input: index, workflow: 'slow' }));
  const { accepted } = await session.stack.baton.placeMany(orders);
  return accepted.map(({ orderId }) => orderId);
}

beforeAll(async () => {
  await fetch(`${session.stack.url}/workflows/slow`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ activities: [{ name: 'first', pre: [{ wait: '1h' }, 'A'] }] }),
  });
  await placeWaiting(130);
});

const rowsOf = (page: Page) => page.locator('tbody tr:not(.gap)');

async function lookFurther(page: Page) {
  await page.getByText('50 orders shown').waitFor();
  await page.getByRole('button', { name: 'Look further back' }).click();
  await page.getByText('100 orders shown').waitFor();
}

// Was: the orders that newer ones pushed off the newest page vanished from the middle of the list, and with them what was chosen.
// Now: they stand behind it, and stay chosen.
it('keeps what newer orders push down, and what was chosen', async () => {
  const page = await visit('/orders');
  await lookFurther(page);
  const before = await rowsOf(page).locator('a').allTextContents();
  await rowsOf(page).nth(45).getByRole('checkbox').check();
  await page.getByText('1 order chosen').waitFor();

  const [newest = ''] = await placeWaiting(20);
  await page.getByRole('link', { name: newest }).waitFor();
  expect(await rowsOf(page).count()).toBe(120);
  expect((await rowsOf(page).locator('a').allTextContents()).slice(20)).toEqual(before);
  await page.getByText('1 order chosen').waitFor();
  expect(await rowsOf(page).nth(65).getByRole('checkbox').isChecked()).toBe(true);
});

it('says where more orders came in at once than it reads, and is read again', async () => {
  const page = await visit('/orders');
  await lookFurther(page);
  const placed = await placeWaiting(60);
  await page.getByText('Some are missing here.').waitFor();
  const shown = await rowsOf(page).locator('a').allTextContents();
  expect(placed.filter((orderId) => shown.includes(orderId))).toHaveLength(50);
  await takePicture(page, 'orders-gap');
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Read the list again' }).click();
  await page.getByText('50 orders shown').waitFor();
});

it('stands as it was left for whoever comes back from an order', async () => {
  const page = await visit('/orders');
  await lookFurther(page);
  const link = rowsOf(page).nth(90).locator('a');
  await link.scrollIntoViewIfNeeded();
  const scrolled = await page.evaluate(() => scrollY);
  expect(scrolled).toBeGreaterThan(1000);
  await link.click();
  await page.getByText('What happened').waitFor();
  await page.goBack();
  await page.getByText('100 orders shown').waitFor();
  await page.waitForFunction((before) => Math.abs(scrollY - before) < 100, scrolled);
});

// Was: above 500 active orders, what a sample came to was shown as if it had been counted, and a workflow with active orders had 0 of them.
// Now: it is said to be about so many, or too few to see.
it('counts of a sample are said to be estimates', async () => {
  const page = await visit('/orders');
  const changed = (path: string, change: (body: never) => object) =>
    page.route(path, async (route) => {
      const { 'if-none-match': _, ...headers } = route.request().headers();
      const answer = await route.fetch({ headers });
      const body = (await answer.json()) as never;
      await route.fulfill({ response: answer, json: { ...(body as object), ...change(body) } });
    });
  await changed('**/status', ({ orders }: { orders: object }) => ({
    orders: { ...orders, active: 900, byWorkflow: { 'todo-*': 900 }, byWorkflowApproximate: true },
  }));
  await changed('**/versions', ({ versions }: { versions: object[] }) => ({
    versions: [...versions, { version: 7, active: 300 }].map((one, index) =>
      index === 0 ? { ...one, active: 0 } : one,
    ),
    approximate: true,
  }));
  await page.getByRole('link', { name: 'Overview' }).click();
  await page.getByText('Estimated from a sample of the active orders').waitFor();
  await page.getByRole('link', { name: 'about 900 lists of plugins' }).waitFor();
  await takePicture(page, 'overview-estimates');
  await page.getByRole('link', { name: 'Workflows' }).click();
  await page.getByText('too few to see in a sample').waitFor();
  await page.setViewportSize({ width: 320, height: 800 });
  await takePicture(page, 'workflows-estimates-320');
  expect(await isTooWide(page)).toBe(false);
  await page.getByRole('link', { name: 'slow' }).click();
  await page.getByText('about 300 active orders').waitFor();
  await page.getByText('too few to see in a sample').waitFor();
  expect(await axeFindings(page)).toEqual([]);
});

// Was: two rows of the same buttons, one above the other, for quite different orders.
// Now: there is one row at a time, which says for which orders it is, and its buttons for how many.
it('acts are offered for all that match or for the chosen ones, not for both', async () => {
  const page = await visit('/orders?workflow=slow', { colorScheme: 'dark' });
  await page.getByText('50 orders shown').waitFor();
  const all = page.getByRole('group', { name: 'All that match' });
  const chosen = page.getByRole('group', { name: 'The chosen orders' });
  await all.getByRole('button', { name: 'Pause', exact: true }).waitFor();
  for (const index of [1, 2, 3]) await rowsOf(page).nth(index).getByRole('checkbox').check();
  await chosen.getByRole('button', { name: 'Pause 3', exact: true }).waitFor();
  expect(await all.count()).toBe(0);
  await takePicture(page, 'orders-chosen-dark');
  expect(await axeFindings(page)).toEqual([]);
  await chosen.getByRole('button', { name: 'Choose none' }).click();
  await all.waitFor();
});
