import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { consoleSession } from './console-session.ts';
import { axeFindings, takePicture } from './open-browser.ts';

const session = consoleSession();
const { visit } = session;

beforeAll(async () => {
  await fetch(`${session.stack.url}/workflows/slow`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ activities: [{ name: 'first', pre: [{ wait: '1h' }, 'A'] }] }),
  });
});

async function waitingOrder() {
  return (await session.stack.baton.place({ input: 1, workflow: 'slow' })).orderId;
}

async function failedOrder() {
  const { orderId } = await session.stack.baton.place({ input: 'five', todo: ['A'] });
  await session.stack.baton.wait(orderId);
  return orderId;
}

/** What has the focus, and where it stands. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement } = document;
    return `${activeElement?.closest('.acts') ? 'acts: ' : ''}${activeElement?.textContent}`;
  });

const waitForFocus = (page: Page, name: string) =>
  page.waitForFunction((name) => document.activeElement?.textContent === name, name);

describe('what a person asked for, and got no answer to', () => {
  // Was: the page said that it asked again by itself, and whoever pressed again placed a second order.
  // Now: it says that nobody knows, and the same request is repeated under the same key.
  it('is done once, however often it is asked for', async () => {
    const page = await visit('/new');
    await page.getByRole('button', { name: 'A list of plugins' }).click();
    await page.getByLabel('Plugins', { exact: true }).fill('A');
    await page.getByLabel('Input, as JSON').fill('77');
    await page.getByLabel('Attributes').fill('lost = again');
    let isLost = true;
    await page.route('**/orders', async (route) => {
      if (route.request().method() !== 'POST' || !isLost) return route.continue();
      isLost = false;
      await route.fetch();
      await route.abort();
    });
    await page.getByRole('button', { name: 'Place the order' }).click();
    await page.getByText('Nobody knows whether it was done').waitFor();
    expect(await page.getByText('asks again by itself').count()).toBe(0);
    await takePicture(page, 'new-order-unanswered');
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Place the order' }).click();
    await page.getByText('A completed').waitFor();
    const found = await fetch(`${session.stack.url}/orders?attribute.lost=again`);
    expect(((await found.json()) as { orders: object[] }).orders).toHaveLength(1);
  });

  it('is not said to have changed nothing where Baton is unwell', async () => {
    const page = await visit(`/orders/${await waitingOrder()}`);
    await page.route('**/pause', (route) =>
      route.fulfill({
        status: 500,
        contentType: 'application/problem+json',
        body: JSON.stringify({ status: 500, code: 'INTERNAL_ERROR', detail: 'it has failed' }),
      }),
    );
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Nobody knows whether it was done').waitFor();
    expect(await page.getByText('Nothing has changed').count()).toBe(0);
  });

  it('keeps its dialog until it is over', async () => {
    const page = await visit(`/orders/${await waitingOrder()}`);
    let answer = () => {};
    const isAnswered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route('**/pause', async (route) => {
      await isAnswered;
      await route.abort();
    });
    await page.getByRole('button', { name: 'Pause' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Pause' }).click();
    await dialog.getByRole('button', { name: 'Asking …' }).waitFor();
    for (let pressed = 0; pressed < 3; pressed += 1) await page.keyboard.press('Escape');
    expect(await dialog.getByRole('button', { name: 'Leave it' }).isDisabled()).toBe(true);
    answer();
    await dialog.getByText('Nobody knows whether it was done').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });
});

describe('an order that has ended, and goes on again', () => {
  async function goOn(orderId: string) {
    await session.stack.baton.retry(orderId, { input: 5 });
    await session.stack.baton.wait(orderId);
  }

  // Was: it stood as it was for as long as the page was open. Now: the page looks again when it is looked at again.
  it('is looked at again when its tab is', async () => {
    const orderId = await failedOrder();
    const page = await visit(`/orders/${orderId}`);
    await page.getByText('A failed at attempt 1').first().waitFor();
    await goOn(orderId);
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await page.getByText('A completed').waitFor();
  });

  it('is looked at again when an act is refused', async () => {
    const orderId = await failedOrder();
    const page = await visit(`/orders/${orderId}`);
    await page.getByText('A failed at attempt 1').first().waitFor();
    await goOn(orderId);
    await page.getByRole('button', { name: 'Retry' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Retry' }).click();
    await page.getByRole('dialog').getByRole('alert').waitFor();
    await page.getByText('A completed').waitFor();
  });
});

describe('the focus', () => {
  async function act(page: Page, name: string) {
    await page.getByRole('button', { name, exact: true }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name, exact: true }).focus();
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
  }

  // Was: after every act the page as a whole had the focus. Now: an act that fits has it.
  it('is at what may be done next after each act', async () => {
    const page = await visit(`/orders/${await waitingOrder()}`);
    await act(page, 'Pause');
    await waitForFocus(page, 'Resume');
    await act(page, 'Resume');
    await waitForFocus(page, 'Pause');
    await act(page, 'Cancel');
    await waitForFocus(page, 'Place again');
    expect(await focused(page)).toBe('acts: Place again');
  });

  it('is where it was after a dialog that was left', async () => {
    const page = await visit(`/orders/${await waitingOrder()}`);
    for (const leave of ['Leave it', 'Escape']) {
      await page.getByRole('button', { name: 'Cancel', exact: true }).click();
      const button = page.getByRole('dialog').getByRole('button', { name: leave });
      await (leave === 'Escape' ? page.keyboard.press(leave) : button.click());
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      expect(await focused(page)).toBe('acts: Cancel');
    }
  });
});
