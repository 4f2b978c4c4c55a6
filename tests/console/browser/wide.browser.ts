import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { consoleSession } from './console-session.ts';
import { ARITHMETIC, ConsoleStack } from './console-stack.ts';
import { takePicture } from './open-browser.ts';

const UNRULY = fileURLToPath(new URL('unruly', import.meta.url));

const session = consoleSession(() => ConsoleStack.start([ARITHMETIC, UNRULY]));
const { visit } = session;

/** Text without a place to break it, as keys, paths and encoded errors are. */
const LONG = 'x'.repeat(300);
const NAME = `quarterly-${'reconciliation'.repeat(2)}`;
const ORDER = `${NAME}-${'0123456789'.repeat(2)}`;
let parent: string;

/** Names, reasons, inputs and errors that are as long as they may be. */
beforeAll(async () => {
  const { url, baton } = session.stack;
  const send = async (method: string, path: string, body: object) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  };
  const attributes = { [NAME]: LONG.slice(0, 200), customer: LONG.slice(0, 200) };
  await send('PUT', `/workflows/${NAME}`, { activities: [{ name: NAME, pre: ['refuse'] }] });
  await send('PUT', '/workflows/parent', {
    activities: [{ name: 'a', pre: [{ workflow: NAME }] }],
  });
  await send('PUT', '/workflows/slow', { activities: [{ name: 'a', pre: [{ wait: '1h' }, 'A'] }] });
  await send('PUT', `/schedules/${NAME}`, { every: '1m', workflow: NAME, input: LONG });
  await send('PUT', '/schedules/nightly', { cron: '0 2 * * *', todo: ['A', 'B'], input: 5 });
  await send('POST', `/schedules/${NAME}/pause`, { reason: LONG });
  const input = { message: LONG };
  const { orderId } = await baton.place({ orderId: ORDER, workflow: NAME, input, attributes });
  await baton.wait(orderId);
  parent = (await baton.place({ workflow: 'parent', input })).orderId;
  await baton.wait(parent);
  await send('POST', '/orders', { orderId: 'paused', workflow: 'slow', input: LONG });
  await send('POST', '/orders/paused/pause', { reason: LONG });
  await send('POST', '/plugins/refuse/quarantine', { reason: LONG });
  await send('POST', '/operations', {
    ...{ action: 'retry', filter: { plugin: 'B', attributes: { [NAME]: LONG } }, reason: LONG },
  });
});

/** What reaches beyond the window, the innermost of it. */
const beyond = (page: Page) =>
  page.evaluate(() => {
    if (document.documentElement.scrollWidth <= innerWidth) return [];
    const wide = [...document.querySelectorAll('body *')].filter(
      (one) => one.getBoundingClientRect().right > innerWidth + 1,
    );
    const inner = wide.filter((one) => !wide.some((other) => one !== other && one.contains(other)));
    return [...inner.slice(0, 5).map((one) => one.outerHTML.slice(0, 120)), 'too wide'];
  });

const SCREENS: readonly (readonly [string, () => string, string])[] = [
  ['overview', () => '/', 'Latest failures'],
  ['orders', () => '/orders', ORDER],
  ['order', () => `/orders/${ORDER}`, 'What happened'],
  ['order-parent', () => `/orders/${parent}`, 'What happened'],
  ['order-paused', () => '/orders/paused', 'Paused by operator'],
  ['plugins', () => '/plugins', 'refuse'],
  ['plugin', () => '/plugins/refuse', 'What its author says'],
  ['workflows', () => '/workflows', NAME],
  ['workflow', () => `/workflows/${NAME}`, 'Who joins where'],
  ['new-order', () => `/new?again=${ORDER}`, 'Or drop a file'],
  ['schedules', () => '/schedules', NAME],
  ['schedule', () => `/schedules/${NAME}`, 'Next runs'],
  ['operations', () => '/operations', 'B'],
];

// Was: one long word made a page several screens wide. Now: it is broken where the room ends.
describe.each([1440, 390, 320])('at %i px', (width) => {
  it.each(SCREENS)(
    '%s is no wider than its window, whatever stands there',
    async (name, path, text) => {
      const page = await visit(path(), { viewport: { width, height: 844 } });
      await page.getByText(text).first().waitFor();
      await page.locator('[aria-busy]').first().waitFor({ state: 'detached' });
      if (width !== 1440) await takePicture(page, `wide-${name}-${width}`);
      expect(await beyond(page)).toEqual([]);
    },
  );

  it('so is a dialog', async () => {
    const page = await visit(`/orders/${ORDER}`, { viewport: { width, height: 844 } });
    await page.getByRole('button', { name: 'Skip a task' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await beyond(page)).toEqual([]);
    const dialog = page.getByRole('dialog');
    const isInside = await dialog.evaluate((one) => one.scrollWidth <= one.clientWidth);
    expect(isInside).toBe(true);
  });
});
