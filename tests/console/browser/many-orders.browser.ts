import { beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { consoleSession } from './console-session.ts';

const ORDERS = 10_000;
const PAGE = 50;
const PAGES = 6;

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

/** Counts the rows that the page adds and takes away from now on. */
async function watchRows(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const changed = { rows: 0 };
    Object.assign(globalThis, { changed });
    new MutationObserver((mutations) => {
      for (const { addedNodes, removedNodes } of mutations) {
        const nodes = [...addedNodes, ...removedNodes];
        changed.rows += nodes.filter(({ nodeName }) => nodeName === 'TR').length;
      }
    }).observe(document.querySelector('main') as Element, { childList: true, subtree: true });
  });
  return () => page.evaluate(() => (Reflect.get(globalThis, 'changed') as { rows: number }).rows);
}

it(`of ${ORDERS} orders, the list holds ${PAGE} rows, and ${PAGE} more for each press`, async () => {
  const page = await session.visit('/');
  const received: number[] = [];
  page.on('response', async (response) => {
    if (!new URL(response.url()).searchParams.has('limit')) return;
    const { orders } = (await response.json().catch(() => ({}))) as { orders?: unknown[] };
    if (orders !== undefined) received.push(orders.length);
  });
  await page.getByRole('link', { name: 'Orders', exact: true }).click();
  const rows = page.locator('tbody tr');
  await page.getByText(`${PAGE} orders shown`).waitFor();
  expect(await rows.count()).toBe(PAGE);
  for (let pages = 2; pages <= PAGES; pages += 1) {
    await page.getByRole('button', { name: 'Look further back' }).click();
    await page.getByText(`${pages * PAGE} orders shown`).waitFor();
  }
  expect(await rows.count()).toBe(PAGES * PAGE);
  // However many there are, the page asks for a page's worth at a time.
  expect(Math.max(...received)).toBe(PAGE);

  // A new order is one row more; the others stay as they are.
  const changedRows = await watchRows(page);
  const { orderId } = await session.stack.baton.place({ input: 1, workflow: 'slow' });
  await page.getByRole('link', { name: orderId }).waitFor();
  expect(await changedRows()).toBeLessThanOrEqual(2);
});

it('a rare order is found among them without reading them all into the page', async () => {
  const page = await session.visit('/orders?idPrefix=many-00007');
  const link = page.getByRole('link', { name: 'many-00007' });
  const further = page.getByRole('button', { name: 'Look further back' });
  while ((await link.count()) === 0) {
    await further.click();
    await page.getByText('Looking …').waitFor({ state: 'detached' });
  }
  expect(await page.locator('tbody tr').count()).toBe(1);
});

it('all that match are counted before anything is asked of them', async () => {
  const page = await session.visit('/orders?status=waiting&attribute.customer=c-3');
  await page.getByText('All that match:').waitFor();
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/[\d,]+ orders match now/).waitFor();
  await dialog.getByRole('button', { name: 'Leave it' }).click();
  await dialog.waitFor({ state: 'detached' });
});
