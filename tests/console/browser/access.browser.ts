import { expect, it } from '@jest/globals';
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

it("a client's token sees that client's orders, and is told what it may not see", async () => {
  const { url, token, baton } = session.stack;
  const asOperator = async (method: string, path: string, body: object) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    return (await fetch(`${url}${path}`, { method, headers, body: JSON.stringify(body) })).json();
  };
  await asOperator('PUT', '/clients/acme', { todo: ['A'] });
  const minted = (await asOperator('POST', '/clients/acme/tokens', {})) as { token: string };
  const own = await baton.place({ client: 'acme', input: 1 });
  const foreign = await baton.place({ todo: ['A'], input: 1 });

  const page = await visit(`/#token=${encodeURIComponent(minted.token)}`);
  await page.getByText('This token does not see this.').waitFor();
  await page.getByRole('link', { name: 'show them' }).click();
  await page.getByRole('link', { name: own.orderId }).waitFor();
  expect(await page.getByRole('link', { name: foreign.orderId }).count()).toBe(0);
  await page.goto(`${url}/console/orders/${foreign.orderId}`);
  await page.getByText(`there is no order ${foreign.orderId}`).waitFor();
  await page.goto(`${url}/console/orders/${own.orderId}`);
  await page.getByText('A completed').waitFor();
});
