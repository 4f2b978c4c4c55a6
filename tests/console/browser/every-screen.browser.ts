import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { consoleSession } from './console-session.ts';
import { ARITHMETIC, ConsoleStack, TRAVEL } from './console-stack.ts';
import { axeFindings, isTooWide, takePicture } from './open-browser.ts';

const session = consoleSession(() => ConsoleStack.start([ARITHMETIC, TRAVEL]));
const { visit } = session;
let failed: string;
let completed: string;
let list: string;
let undone: string;
let waiting: string;

/** Something of everything: orders of each kind of end, a long list, a workflow in two versions, schedules, an operation. */
beforeAll(async () => {
  const { baton, url } = session.stack;
  const put = (path: string, body: object) =>
    fetch(`${url}${path}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const first = { name: 'first', pre: ['A'] };
  await put('/workflows/greet', { activities: [first] });
  await put('/workflows/greet', {
    activities: [first, { name: 'second', parallel: ['A', 'B'] }],
  });
  await put('/workflows/doubled', {
    activities: [{ name: 'double', parallel: [{ plugin: 'B', forEach: 'payload', tolerate: 5 }] }],
  });
  await put('/workflows/trip', {
    activities: [
      { name: 'book', pre: ['flight', 'hotel'] },
      { name: 'pay', pre: [{ wait: '1s' }, 'card'] },
    ],
  });
  await put('/workflows/later', { activities: [{ name: 'first', pre: [{ wait: '1h' }, 'A'] }] });
  await put('/schedules/nightly', { cron: '0 2 * * *', todo: ['A', 'B'], input: 5 });
  await put('/schedules/each-minute', { every: '1m', workflow: 'greet', input: 7 });
  const attributes = { customer: 'acme', kind: 'photo' };
  const orders = [
    { input: 5, workflow: 'greet', attributes },
    { input: 'five', todo: ['A', 'B'], attributes },
    {
      input: Array.from({ length: 50 }, (_, index) => (index === 13 ? 'x' : index)),
      workflow: 'doubled',
    },
    { input: { to: 'Oslo', price: 4000 }, workflow: 'trip' },
    { input: 'six', todo: ['B'] },
  ];
  ({ orderId: waiting } = await baton.place({ input: 1, workflow: 'later' }));
  const placed = await Promise.all(orders.map((order) => baton.place(order)));
  [completed = '', failed = '', list = '', undone = ''] = placed.map(({ orderId }) => orderId);
  await Promise.all(placed.map(({ orderId }) => baton.wait(orderId)));
  await fetch(`${url}/operations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ action: 'retry', filter: { plugin: 'B' }, reason: 'once more' }),
  });
});

/** Every screen: its name, its address, and a text that stands there once it is read. */
const SCREENS: readonly (readonly [string, () => string, string])[] = [
  ['overview', () => '/', 'Latest failures'],
  ['orders', () => '/orders', 'failed'],
  ['orders-failed', () => '/orders?status=failed', 'All that match'],
  ['order-completed', () => `/orders/${completed}`, 'What happened'],
  ['order-failed', () => `/orders/${failed}`, 'What happened'],
  ['order-list', () => `/orders/${list}`, '1 failed, 49 completed'],
  ['order-undone', () => `/orders/${undone}`, 'What was undone'],
  ['order-waiting', () => `/orders/${waiting}`, 'It waits for the end of a wait'],
  ['plugins', () => '/plugins', 'well'],
  ['plugin', () => '/plugins/A', 'What its author says'],
  ['workflows', () => '/workflows', 'greet'],
  ['workflow', () => '/workflows/greet', 'Who joins where'],
  ['new-workflow', () => '/workflows/new', 'Store it'],
  ['new-order', () => '/new', 'Or drop a file'],
  ['schedules', () => '/schedules', 'nightly'],
  ['schedule', () => '/schedules/nightly', 'Next runs'],
  ['new-schedule', () => '/schedules/new', 'Store it'],
  ['operations', () => '/operations', 'once more'],
];

async function isRead(page: Page, content: string): Promise<void> {
  await page.getByText(content).first().waitFor();
  await page.locator('[aria-busy]').first().waitFor({ state: 'detached' });
}

describe.each([
  [1280, 'light'],
  [1280, 'dark'],
  [390, 'light'],
  [390, 'dark'],
] as const)('at %i px, %s', (width, colorScheme) => {
  it.each(SCREENS)('%s passes axe and fits', async (name, path, content) => {
    const page = await visit(path(), { viewport: { width, height: 844 }, colorScheme });
    await isRead(page, content);
    await takePicture(page, `${name}-${width}-${colorScheme}`);
    expect(await axeFindings(page)).toEqual([]);
    expect(await isTooWide(page)).toBe(false);
  });
});

it('of a long list, the element that failed is a press away, and all others are', async () => {
  const page = await visit(`/orders/${list}`);
  const path = page.getByRole('list', { name: "The order's path" });
  await path.getByRole('button', { name: 'B × 50' }).click();
  await page.getByRole('heading', { name: 'B#14', exact: true }).waitFor();
  const elements = page.getByRole('list', { name: 'The elements of the list' });
  await elements.getByRole('button', { name: 'element 13: failed', pressed: true }).waitFor();
  await elements.getByRole('button', { name: 'element 20: completed' }).click();
  await page.getByRole('heading', { name: 'B#21', exact: true }).waitFor();
  const waterfall = page.locator('.waterfall');
  expect(await waterfall.getByRole('listitem').count()).toBe(2);
  await waterfall.getByRole('button', { name: 'B × 50', expanded: false }).click();
  await waterfall.getByText('B#50').waitFor();
  expect(await axeFindings(page)).toEqual([]);
});

it('what ended is drawn, said in a sentence whose figures lead to the orders, and listed in a table', async () => {
  const page = await visit('/');
  const figure = page.getByRole('link', { name: /^[\d,]+ orders? completed$/ });
  await figure.waitFor();
  await page.locator('.chart canvas').waitFor();
  await page.getByText('As a table').click();
  await page
    .getByRole('cell', { name: /^at \d\d:\d\d$/ })
    .first()
    .waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await figure.click();
  await page.waitForURL('**/orders?status=completed&from=*');
  await page.getByRole('link', { name: completed }).waitFor();
});

const CONTROLS = 'a[href], button, input, select, textarea, summary';

/** What has the focus, as a screen reader would call it. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement: element } = document;
    return element?.getAttribute('aria-label') ?? element?.textContent?.trim() ?? '';
  });

/** Presses Tab until the focus is where it should be. */
async function tabTo(page: Page, text: string | RegExp): Promise<void> {
  const seen: string[] = [];
  while (seen.length < 100) {
    await page.keyboard.press('Tab');
    seen.push(await focused(page));
    const last = seen.at(-1) ?? '';
    if (typeof text === 'string' ? last === text : text.test(last)) return;
  }
  throw new Error(`Tab does not lead to ${text}, but to: ${seen.join(' | ')}`);
}

describe('by keyboard alone', () => {
  it.each(SCREENS)(
    'each control of %s is reached, and seen to be',
    async (_name, path, content) => {
      const page = await visit(path());
      await isRead(page, content);
      const presses = (await page.locator(CONTROLS).count()) + 30;
      for (let press = 0; press < presses; press += 1) {
        await page.keyboard.press('Tab');
        await page.evaluate(() => {
          const { activeElement: one } = document;
          if (one === null) return;
          const { outlineStyle, outlineWidth } = getComputedStyle(one);
          const isSeen = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0;
          one.setAttribute('data-reached', isSeen ? 'seen' : 'unseen');
        });
      }
      const missed = await page.locator(CONTROLS).evaluateAll((all) =>
        all.flatMap((one) => {
          const isUsable = one.checkVisibility() && !(one as HTMLButtonElement).disabled;
          return isUsable && one.getAttribute('data-reached') !== 'seen' ? [one.outerHTML] : [];
        }),
      );
      expect(missed).toEqual([]);
    },
  );

  it('a failed order is found, and retried with another input', async () => {
    const { orderId } = await session.stack.baton.place({ input: 'five', todo: ['A'] });
    await session.stack.baton.wait(orderId);
    const page = await visit('/');
    await page.getByText('A: not a number').waitFor();
    await tabTo(page, /A: not a number/);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: orderId }).waitFor();
    await tabTo(page, orderId);
    await page.keyboard.press('Enter');
    await page.getByText('A failed at attempt 1').waitFor();
    await tabTo(page, 'Retry');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Space');
    await page.getByLabel('Input, as JSON').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('5');
    await tabTo(page, 'Retry');
    await page.keyboard.press('Enter');
    await page.getByText('A completed').waitFor();
  });

  it('a dialog keeps the focus, Escape closes it, and the focus is where it was', async () => {
    const page = await visit(`/orders/${failed}`);
    await page.getByRole('button', { name: 'Skip a task' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    for (let press = 0; press < 12; press += 1) {
      await page.keyboard.press('Tab');
      const outside = await page.evaluate(
        () => document.activeElement?.closest('dialog, body > :not(dialog)')?.tagName,
      );
      expect(outside ?? 'DIALOG').toBe('DIALOG');
    }
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await focused(page)).toBe('Skip a task');
  });
});
