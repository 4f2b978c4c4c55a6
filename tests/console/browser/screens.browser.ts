import { beforeAll, describe, expect, it } from '@jest/globals';
import { consoleSession } from './console-session.ts';
import { axeFindings, isTooWide, takePicture } from './open-browser.ts';

const session = consoleSession();
const { visit } = session;
let completed: string;
let failed: string;

beforeAll(async () => {
  const { baton } = session.stack;
  const orders = [
    { input: 5, todo: ['A', ['A', 'B']], attributes: { customer: 'acme' } },
    { input: 'five', todo: ['A', 'B'] },
  ];
  const placed = await Promise.all(orders.map((order) => baton.place(order)));
  [completed = '', failed = ''] = placed.map(({ orderId }) => orderId);
  await Promise.all(placed.map(({ orderId }) => baton.wait(orderId)));
});

it('the overview says how things are in one sentence, and groups failures by plugin and reason', async () => {
  const page = await visit('/');
  await page.getByRole('heading', { level: 1, name: 'All is quiet' }).waitFor();
  await page.getByRole('link', { name: 'A: not a number' }).click();
  await page.waitForURL('**/console/orders?status=failed&errorCode=NOT_A_NUMBER&plugin=A');
  await page.getByRole('link', { name: failed }).waitFor();
});

it('the list shows orders by status, and a press on one leads to it', async () => {
  const page = await visit('/orders');
  await page.getByRole('link', { name: failed }).waitFor();
  await page.getByRole('button', { name: 'completed' }).click();
  await page.waitForURL('**/orders?status=completed');
  await page.getByRole('link', { name: failed }).waitFor({ state: 'detached' });
  await page.getByRole('link', { name: completed }).click();
  await page.waitForURL(`**/orders/${completed}`);
  await page.getByRole('heading', { level: 1, name: completed }).waitFor();
  await page.goBack();
  await page.waitForURL('**/orders?status=completed');
});

it('an order that failed says why first, and has the failed task chosen, with its input', async () => {
  const page = await visit(`/orders/${failed}`);
  await page.getByText('A failed at attempt 1').waitFor();
  const path = page.getByRole('list', { name: "The order's path" });
  await path.getByRole('button', { name: 'A failed', pressed: true }).waitFor();
  await path.getByText('not reached').waitFor();
  await page.getByRole('heading', { name: 'A', exact: true }).waitFor();
  expect(
    await page.locator('.card', { hasText: 'plugin A' }).locator('pre').first().textContent(),
  ).toBe('"five"');
});

it('an order is told while it goes on', async () => {
  const page = await visit('/orders');
  const { orderId } = await session.stack.baton.place({ input: 1, todo: ['B'] });
  await page.getByRole('link', { name: orderId }).click();
  await page.getByText('B completed').waitFor();
});

// Was: an order that does not exist was a red box without a heading, and led nowhere.
// Now: whatever does not exist is a screen of its own: what is missing, why, and the way back.
it.each([
  ['/orders/no-such-order', 'There is no order no-such-order.', 'Show all orders'],
  ['/plugins/nobody', 'No plugin is called nobody.', 'Show all plugins'],
  ['/workflows/none', 'There is no workflow none.', 'Show all workflows'],
  ['/schedules/never', 'There is no schedule never.', 'Show all schedules'],
  ['/nowhere', 'There is no such page.', 'Go to the overview'],
])('%s, which does not exist, says so and leads on', async (path, title, wayOn) => {
  const page = await visit(path);
  await page.getByRole('heading', { level: 1, name: title }).waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole('link', { name: wayOn }).click();
  await page.getByRole('heading', { level: 1, name: title }).waitFor({ state: 'detached' });
  await page.getByRole('heading', { level: 1 }).waitFor();
});

it('a screen that cannot be read at all says so under a heading, and shows itself once it can', async () => {
  const page = await visit('/orders');
  await page.getByRole('heading', { level: 1, name: 'Orders' }).waitFor();
  await page.context().setOffline(true);
  await page.getByRole('link', { name: 'Workflows' }).click();
  await page.getByRole('heading', { level: 1, name: 'Baton does not answer.' }).waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.context().setOffline(false);
  await page.getByRole('button', { name: 'Try again' }).first().click();
  await page.getByRole('heading', { level: 1, name: 'Workflows' }).waitFor();
});

it('when Baton stops answering, the page says how old its figures are, and recovers', async () => {
  const page = await visit('/');
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.context().setOffline(true);
  // Each card that is read by itself says so.
  await page.getByText('Baton does not answer. What you see was read').first().waitFor();
  await page.getByRole('button', { name: 'Try again' }).first().click();
  await page.context().setOffline(false);
  await page.getByText('What you see was read').first().waitFor({ state: 'detached' });
});

// Was: when the chart's own script could not be loaded, an error was left to nobody.
// Now: the page does without the chart, whose figures stand beside it in words.
it('a chart that cannot be loaded is left out, and its words stay', async () => {
  const page = await visit('/orders');
  await page.route('**/uPlot*', (route) => route.abort());
  const asked = page.waitForRequest('**/uPlot*');
  await page.getByRole('link', { name: 'Overview' }).click();
  await asked;
  await page.getByText('In the last hour').first().waitFor();
});

describe.each([
  [1280, 'light'],
  [1280, 'dark'],
  [390, 'light'],
  [390, 'dark'],
] as const)('at %i px, %s', (width, colorScheme) => {
  it.each([
    ['overview', () => '/', 'Latest failures'],
    ['orders', () => '/orders', 'failed'],
    ['order-completed', () => `/orders/${completed}`, 'What happened'],
    ['order-failed', () => `/orders/${failed}`, 'What happened'],
  ])('%s passes axe and fits', async (name, path, content) => {
    const page = await visit(path(), { viewport: { width, height: 844 }, colorScheme });
    await page.getByText(content).first().waitFor();
    await takePicture(page, `${name}-${width}-${colorScheme}`);
    expect(await axeFindings(page)).toEqual([]);
    expect(await isTooWide(page)).toBe(false);
  });
});
