import { describe, expect, it } from '@jest/globals';
import { consoleSession } from './console-session.ts';
import { ConsoleStack } from './console-stack.ts';
import { axeFindings, isTooWide, takePicture } from './open-browser.ts';

const session = consoleSession(() => ConsoleStack.start(undefined, ['--auth']));
const { visit } = session;

it('without a token, the page asks for one, and says when it is not accepted', async () => {
  const page = await visit('/orders', { viewport: { width: 390, height: 844 } });
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(await axeFindings(page)).toEqual([]);
  expect(await isTooWide(page)).toBe(false);
  await takePicture(page, 'sign-in-390-light');
  await page.getByLabel('Token').fill('baton_nobodys');
  await page.getByRole('button', { name: 'Open the console' }).click();
  await page.getByText('Baton does not accept this token').waitFor();
  await page.getByLabel('Token').fill(session.stack.token);
  await page.getByRole('button', { name: 'Open the console' }).click();
  await page.getByText('There are no orders yet.').waitFor();
});

it('a token that baton open hands over is taken out of the address at once, and goes with a sign-out', async () => {
  const page = await visit(`/#token=${encodeURIComponent(session.stack.token)}`);
  await page.getByRole('heading', { name: 'All is quiet' }).waitFor();
  expect(page.url()).not.toContain('token');
  await page.reload();
  await page.getByRole('heading', { name: 'All is quiet' }).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
});

describe("a client's token", () => {
  const asOperator = async (method: string, path: string, body: object) => {
    const { url, token } = session.stack;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    return (await fetch(`${url}${path}`, { method, headers, body: JSON.stringify(body) })).json();
  };

  /** A client of that name, and where its token leads to. */
  async function comeAs(client: string, path: string, fields: object = {}) {
    await asOperator('PUT', `/clients/${client}`, { todo: ['A'], ...fields });
    const minted = await asOperator('POST', `/clients/${client}/tokens`, {});
    const { token } = minted as { token: string };
    return visit(`${path}#token=${encodeURIComponent(token)}`);
  }

  it("sees that client's orders first, and no screen that it may not see", async () => {
    const page = await comeAs('acme', '/');
    const { baton, url } = session.stack;
    const own = await baton.place({ client: 'acme', input: 1 });
    const foreign = await baton.place({ todo: ['A'], input: 1 });
    await page.getByText('client acme').waitFor();
    await page.getByRole('link', { name: own.orderId }).waitFor();
    expect(await page.getByRole('link', { name: foreign.orderId }).count()).toBe(0);
    const screens = page.getByRole('navigation', { name: 'Screens' }).getByRole('link');
    expect(await screens.allTextContents()).toEqual(['Orders']);
    await page.goto(`${url}/console/orders/${foreign.orderId}`);
    await page.getByText(`there is no order ${foreign.orderId}`).waitFor();
    await page.goto(`${url}/console/plugins`);
    await page.getByText('This token does not see this.').waitFor();
    await page.getByRole('link', { name: 'show them' }).click();
    await page.getByRole('link', { name: own.orderId }).waitFor();
    await page.goto(`${url}/console/orders/${own.orderId}`);
    await page.getByText('A completed').waitFor();
    expect(await page.getByRole('link', { name: 'plugin A' }).count()).toBe(0);
    expect(await axeFindings(page)).toEqual([]);
  });

  it('has the buttons of what it may do, and hears who may do the rest', async () => {
    const { baton } = session.stack;
    await asOperator('PUT', '/clients/globex', { todo: ['A'] });
    const { orderId } = await baton.place({ client: 'globex', input: 'five' });
    await baton.wait(orderId);
    const page = await comeAs('globex', `/orders/${orderId}`);
    await page.getByText('An operator can make it go on.').waitFor();
    const acts = page.locator('.acts').getByRole('button');
    expect(await acts.count()).toBe(0);
    // Its contract lets it retry from now on.
    const retrying = await comeAs('globex', `/orders/${orderId}`, { mayRetry: true });
    await retrying.locator('.acts').getByRole('button', { name: 'Retry' }).waitFor();
    await retrying.goto(`${session.stack.url}/console/orders?status=failed`);
    await retrying.getByLabel(`Choose ${orderId}`).check();
    await retrying.locator('.chosen').getByRole('button', { name: 'Retry' }).waitFor();
    expect(await retrying.getByText('All that match:').count()).toBe(0);
  });

  it('places orders of what was agreed with it', async () => {
    const page = await comeAs('initech', '/new');
    await page.getByRole('button', { name: 'What was agreed', pressed: true }).waitFor();
    await page.getByLabel('Input, as JSON').fill('5');
    await page.getByRole('button', { name: 'Place the order' }).click();
    await page.getByText('A completed').waitFor();
  });
});
