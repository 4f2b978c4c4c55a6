import { beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { consoleSession } from './console-session.ts';
import { axeFindings, takePicture } from './open-browser.ts';

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

it('says where more orders came in at once than it reads, and is read anew', async () => {
  const page = await visit('/orders');
  await lookFurther(page);
  const [missing = ''] = await placeWaiting(60);
  await page.getByText('Some are missing here.').waitFor();
  expect(await page.getByRole('link', { name: missing }).count()).toBe(0);
  await takePicture(page, 'orders-gap');
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Read the list anew' }).click();
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
