import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { consoleSession } from './console-session.ts';

const session = consoleSession();
const { visit } = session;

/** An order of `A`, which takes numbers and fails for a text. */
async function place(input: unknown, fields: object = {}) {
  const order = { input: input as number, todo: ['A', 'B'], ...fields };
  return (await session.stack.baton.place(order)).orderId;
}

async function failedOrder(fields: object = {}) {
  const orderId = await place('five', fields);
  await session.stack.baton.wait(orderId);
  return orderId;
}

/** An order that waits for an hour, so that there is time to do something to it. */
async function waitingOrder() {
  const { url } = session.stack;
  await fetch(`${url}/workflows/slow`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ activities: [{ name: 'first', pre: [{ wait: '1h' }, 'A'] }] }),
  });
  return (await session.stack.baton.place({ input: 1, workflow: 'slow' })).orderId;
}

async function act(page: Page, name: string, fill: () => Promise<void> = async () => {}) {
  await page.getByRole('button', { name, exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  await fill();
  await dialog.getByRole('button', { name, exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

describe('one order', () => {
  it('is retried with the input mended, and completes', async () => {
    const page = await visit(`/orders/${await failedOrder()}`);
    await act(page, 'Retry', async () => {
      await page.getByLabel('Give the failed task another input').check();
      await page.getByLabel('Input, as JSON').fill('5');
      await page.getByLabel('Reason').fill('a number is meant');
    });
    await page.getByText('B completed').waitFor();
    await page.getByText('“a number is meant”').waitFor();
  });

  it('is paused, resumed and cancelled, and says so', async () => {
    const page = await visit(`/orders/${await waitingOrder()}`);
    await act(page, 'Pause');
    await page.getByText('It waits for someone who resumes').waitFor();
    await act(page, 'Resume');
    await page.getByText('Resumed by').waitFor();
    await act(page, 'Cancel', () => page.getByLabel('Reason').fill('not needed'));
    await page.getByText('It was cancelled: not needed.').waitFor();
    await page.getByRole('button', { name: 'Pause' }).waitFor({ state: 'detached' });
  });

  it('goes on without a task that failed, with the result that is given for it', async () => {
    const page = await visit(`/orders/${await failedOrder()}`);
    await act(page, 'Skip a task', () => page.getByLabel('Result that it counts').fill('20'));
    await page.getByText('B completed').waitFor();
    expect(await page.locator('.card', { hasText: 'What went in' }).textContent()).toContain('40');
  });

  it('is placed again, with everything filled in', async () => {
    const page = await visit(`/orders/${await failedOrder({ attributes: { customer: 'acme' } })}`);
    await page.getByRole('link', { name: 'Place again' }).click();
    await page.getByLabel('Plugins', { exact: true }).waitFor();
    await expect(page.getByLabel('Plugins', { exact: true }).inputValue()).resolves.toBe('A;B');
    await expect(page.getByLabel('Attributes').inputValue()).resolves.toBe('customer = acme');
    await page.getByLabel('Input, as JSON').fill('6');
    await page.getByRole('button', { name: 'Place the order' }).click();
    await page.getByText('B completed').waitFor();
  });

  it('is left alone when the act is refused, and the reason is said', async () => {
    const orderId = await failedOrder();
    const page = await visit(`/orders/${orderId}`);
    await page.getByRole('button', { name: 'Retry' }).click();
    await session.stack.baton.cancel(orderId).catch(() => undefined);
    await page.getByLabel('Give the failed task another input').check();
    await page.getByLabel('Input, as JSON').fill('{"open":');
    await page.getByRole('dialog').getByRole('button', { name: 'Retry' }).click();
    await page.getByText('The input is not JSON.').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });
});

it('all orders that match are retried, after a preview, with progress', async () => {
  await Promise.all([1, 2].map(() => failedOrder({ client: undefined })));
  const page = await visit('/orders?status=failed&plugin=A');
  await page.getByRole('button', { name: 'Retry' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/\d+ orders match now/).waitFor();
  await dialog.getByLabel('Reason').fill('the plugin is mended');
  await dialog.getByRole('button', { name: /^Retry \d+ orders$/ }).click();
  await dialog.getByText('It is done.').waitFor();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('link', { name: 'Operations' }).click();
  await page.getByText('“the plugin is mended”').waitFor();
});

it('orders that are chosen in the list are retried, and no others', async () => {
  const chosen = await Promise.all([1, 2].map(() => failedOrder({ client: undefined })));
  const spared = await failedOrder();
  const page = await visit('/orders?status=failed');
  for (const orderId of chosen) await page.getByLabel(`Choose ${orderId}`).check();
  await page.getByText('2 orders chosen:').waitFor();
  await page.locator('.chosen').getByRole('button', { name: 'Retry' }).click();
  const dialog = page.getByRole('dialog', { name: 'Retry 2 chosen orders' });
  await dialog.getByLabel('Reason').fill('by hand');
  await dialog.getByRole('button', { name: 'Retry 2 orders' }).click();
  await dialog.getByText('2 orders of 2 retried.').waitFor();
  await dialog.getByRole('button', { name: 'Done' }).click();
  for (const orderId of chosen) {
    const { timeline } = await session.stack.baton.get(orderId);
    expect(timeline).toContainEqual(expect.objectContaining({ reason: 'by hand' }));
  }
  const { timeline } = await session.stack.baton.get(spared);
  expect(timeline).not.toContainEqual(expect.objectContaining({ event: 'RetryRequested' }));
});

it('an act that some of the chosen orders do not fit leaves those as they are', async () => {
  const waiting = await waitingOrder();
  const failed = await failedOrder();
  const page = await visit('/orders');
  await page.getByLabel(`Choose ${waiting}`).check();
  await page.getByLabel(`Choose ${failed}`).check();
  await page.locator('.chosen').getByRole('button', { name: 'Pause' }).click();
  const dialog = page.getByRole('dialog', { name: 'Pause 1 chosen order' });
  await dialog.getByText('1 chosen order is in a state that this does not fit').waitFor();
  await dialog.getByRole('button', { name: 'Pause 1 order' }).click();
  await dialog.getByText('1 order of 1 paused.').waitFor();
  await dialog.getByRole('button', { name: 'Done' }).click();
  expect((await session.stack.baton.get(waiting)).status).toBe('paused');
});

it('all that are shown are chosen by one box, and none by a press', async () => {
  await failedOrder();
  const page = await visit('/orders?status=failed');
  await page.getByLabel('Choose all that are shown').check();
  const rows = await page.getByRole('checkbox', { name: /^Choose [^a]/, checked: true }).count();
  await page.getByText(new RegExp(`^${rows} orders? chosen:$`)).waitFor();
  await page.getByRole('button', { name: 'Choose none' }).click();
  await page.locator('.chosen').waitFor({ state: 'detached' });
});

describe('a new order', () => {
  it('that is wrong says so at once, or with the words of the API', async () => {
    const page = await visit('/new');
    await page.getByRole('button', { name: 'A list of plugins' }).click();
    await page.getByLabel('Plugins', { exact: true }).fill('A;;B');
    await page.getByLabel('Input, as JSON').fill('five');
    await page.getByRole('button', { name: 'Place the order' }).click();
    await page.getByText('The input is not JSON.').waitFor();
    await page.getByLabel('Input, as JSON').fill('5');
    await page.getByRole('button', { name: 'Place the order' }).click();
    await page.getByText('A list of plugins looks like A;B|C').waitFor();
    await page.getByLabel('Plugins', { exact: true }).fill('nobody');
    await page.getByRole('button', { name: 'Place the order' }).click();
    await page.getByText('No such plugin is registered').waitFor();
  });

  it('comes from a file, row by row: good rows are placed, wrong ones are named', async () => {
    const page = await visit('/new');
    const csv = 'todo,input:number\nA;B,1\nA;B,2\nnobody,3\n';
    await page
      .getByLabel('Or drop a file')
      .setInputFiles({ name: 'orders.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
    await page.getByText('2 orders placed, 1 row refused').waitFor();
    await page.getByRole('cell', { name: /nobody/ }).waitFor();
  });
});

it('a workflow is written, refused with its line, stored, drawn, and changed', async () => {
  const page = await visit('/workflows');
  await page.getByRole('link', { name: 'New workflow' }).click();
  await page.getByLabel('Name').fill('greet');
  const text = page.getByLabel('Definition');
  await text.fill('name: greet\nactivities:\n  - name: first\n    prae: [A]\n');
  await page.getByRole('button', { name: 'Store it' }).click();
  await page.getByRole('alert').getByText('prae').waitFor();
  await text.fill('name: greet\nactivities:\n  - name: first\n    pre: [A]\n    parallel: "*"\n');
  await page.getByRole('button', { name: 'Store it' }).click();
  await page.waitForURL('**/workflows/greet');
  await page.getByRole('list', { name: "The workflow's path" }).getByText('everyone').waitFor();
  await page.getByText('nobody yet').waitFor();
  await page.getByRole('button', { name: 'New version' }).click();
  await page.getByLabel('Definition').fill('{"activities":[{"name":"first","pre":["B"]}]}');
  await page.getByRole('button', { name: 'Store it' }).click();
  await page.getByText('version 2').waitFor();
});
