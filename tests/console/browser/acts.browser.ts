import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type Question, startDesk } from '../../../examples/demo/desk.ts';
import type { Listening } from '../../../examples/demo/listening.ts';
import { consoleSession } from './console-session.ts';
import { ARITHMETIC, ConsoleStack, TRAVEL } from './console-stack.ts';
import { axeFindings, takePicture } from './open-browser.ts';
import { placeUntilOneIsParked } from './parked-order.ts';

let desk: Listening;
beforeAll(async () => {
  desk = await startDesk();
});
afterAll(() => desk.stop());

const session = consoleSession(() =>
  ConsoleStack.start([ARITHMETIC, TRAVEL], ['--param', `desk-url=${desk.url}`]),
);
const { visit } = session;

/** A picture of one point. */
const DOT = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

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

  it('goes on without an optional task that is cancelled alone', async () => {
    const { url, baton } = session.stack;
    const remark = { waitFor: 'remark.made', mandatory: false };
    await fetch(`${url}/workflows/remark`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ activities: [{ name: 'first', pre: [remark, 'A'] }] }),
    });
    const { orderId } = await baton.place({ input: 1, workflow: 'remark' });
    const page = await visit(`/orders/${orderId}`);
    await page.getByText('It waits for the event remark.made').waitFor();
    await act(page, 'Cancel a task', () => page.getByLabel('Reason').fill('nobody will'));
    await page.getByText('A completed').waitFor();
    await page.getByText('remark.made was cancelled by').waitFor();
    await page.getByText('“nobody will”').first().waitFor();
    expect((await baton.get(orderId)).result).toBe(3);
  });

  it('says which task was called off when enough had completed', async () => {
    const { url, baton } = session.stack;
    const activities = [
      { name: 'ask', parallel: ['A', 'B', { waitFor: 'offer.made' }], enough: 2 },
    ];
    await fetch(`${url}/workflows/ask-around`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ activities }),
    });
    const { orderId } = await baton.place({ input: 5, workflow: 'ask-around' });
    await baton.wait(orderId);
    const page = await visit(`/orders/${orderId}`);
    await page.getByText('offer.made was called off').waitFor();
    await page.getByText('2 completed tasks are enough').waitFor();
    await takePicture(page, 'order-enough');
    expect(await axeFindings(page)).toEqual([]);
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

describe('a task that waits for a callback', () => {
  /** A trip that is so dear that the desk is asked; it lies there until somebody answers. */
  async function askedOrder() {
    const order = { todo: ['approve', 'flight'], input: { to: 'Oslo', price: 4000 } };
    return (await session.stack.baton.place(order)).orderId;
  }

  async function tokenAtTheDesk(orderId: string): Promise<string> {
    const questions = (await (await fetch(`${desk.url}/questions`)).json()) as Question[];
    return questions.find((one) => one.orderId === orderId)?.token ?? '';
  }

  it('says who answers it, and goes on when the answer comes', async () => {
    const orderId = await askedOrder();
    const page = await visit(`/orders/${orderId}`);
    await page.getByText('It waits for the callback for approve').waitFor();
    await page.getByText('then left open for a callback').waitFor();
    await page.getByText('Whoever got its token answers it').waitFor();
    await takePicture(page, 'order-callback');
    expect(await axeFindings(page)).toEqual([]);
    const trip = { to: 'Oslo', price: 4000, approvedBy: 'Ada' };
    await session.stack.baton.tasks.complete(await tokenAtTheDesk(orderId), trip);
    await page.getByText('flight completed').waitFor();
    await page.getByText('until the callback').first().waitFor();
  });

  it('is answered by an operator where nobody else will', async () => {
    const orderId = await askedOrder();
    const page = await visit(`/orders/${orderId}`);
    await act(page, 'Answer in its stead', async () => {
      await page.getByLabel('Result that it counts').fill('{"to":"Oslo","price":10}');
      await page.getByLabel('Reason').fill('she is on leave');
    });
    await page.getByText('flight completed').waitFor();
    await page.getByText('approve was skipped by').waitFor();
    await page.getByText('“she is on leave”').waitFor();
    expect((await session.stack.baton.get(orderId)).result).toMatchObject({ price: 10 });
  });
});

it('an attempt leads to its log, in a tab of its own that learns nothing of this page', async () => {
  const orderId = await failedOrder();
  const page = await visit('/orders');
  // Only on AWS is there a page that shows the log.
  const logUrl = 'https://console.aws.amazon.com/cloudwatch/home#logs';
  await page.route(`**/orders/${orderId}`, async (route) => {
    const answer = await route.fetch();
    const order = (await answer.json()) as { tasks: { attempts: object[] }[] };
    const tasks = order.tasks.map((task) => ({
      ...task,
      attempts: task.attempts.map((attempt) => ({ ...attempt, logUrl })),
    }));
    await route.fulfill({ response: answer, json: { ...order, tasks } });
  });
  await page.getByRole('link', { name: orderId }).click();
  const log = page.getByRole('link', { name: 'log', exact: true });
  await log.waitFor();
  expect(await log.getAttribute('href')).toBe(logUrl);
  expect(await log.getAttribute('target')).toBe('_blank');
  expect(await log.getAttribute('rel')).toBe('noreferrer');
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

it('an operation is stopped from the list of operations, and says how far it came', async () => {
  await Promise.all([1, 2, 3].map(() => failedOrder()));
  const { url } = session.stack;
  await fetch(`${url}/operations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ action: 'retry', filter: { plugin: 'A' }, ratePerSecond: 0.1, reason: 'far too slow' },
    }),
  });
  const page = await visit('/operations');
  const card = page.locator('.card', { hasText: 'far too slow' });
  await card.getByText('It is under way.').waitFor();
  await card.getByRole('button', { name: 'Stop it' }).click();
  await card.getByText('It was stopped. What is done stays done.').waitFor();
  await card.getByRole('button', { name: 'Stop it' }).waitFor({ state: 'detached' });
});

it('a filter is kept as a view by name, found again, and forgotten', async () => {
  const page = await visit('/orders?status=failed&plugin=A');
  await page.getByRole('button', { name: 'Keep this view' }).click();
  const dialog = page.getByRole('dialog', { name: 'Keep this view' });
  expect(await dialog.getByLabel('Name').inputValue()).toBe('status failed, plugin A');
  await dialog.getByLabel('Name').fill('what A broke');
  await dialog.getByRole('button', { name: 'Keep it' }).click();
  await page.goto(`${session.stack.url}/console/orders`);
  await page.getByRole('link', { name: 'what A broke' }).click();
  await page.waitForURL('**/orders?status=failed&plugin=A');
  await page.getByRole('button', { name: 'Forget this view' }).click();
  await page.getByRole('link', { name: 'what A broke' }).waitFor({ state: 'detached' });
});

it('orders are found by when they were accepted', async () => {
  const orderId = await failedOrder();
  const page = await visit('/orders?status=failed');
  await page.getByRole('link', { name: orderId }).waitFor();
  await page.getByLabel('Accepted before').fill('2020-01-01T00:00');
  await page.getByLabel('Accepted before').blur();
  await page.waitForURL('**/orders?status=failed&to=*');
  await page.getByText('No order matches.').waitFor();
  await page.getByLabel('Accepted before').fill('');
  await page.getByLabel('Accepted from').fill('2020-01-01T00:00');
  await page.getByLabel('Accepted from').blur();
  await page.waitForURL('**/orders?status=failed&from=*');
  await page.getByRole('link', { name: orderId }).waitFor();
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

describe('a file that is dropped', () => {
  /** As a hand does it: the browser's own events, with the file in them. */
  async function drop(page: Page, name: string, type: string, content: Buffer): Promise<void> {
    const files = await page.evaluateHandle(
      ([name, type, base64]) => {
        const transfer = new DataTransfer();
        const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
        transfer.items.add(new File([bytes], name, { type }));
        return transfer;
      },
      [name, type, content.toString('base64')] as const,
    );
    const zone = page.locator('.drop');
    await zone.dispatchEvent('dragover', { dataTransfer: files });
    await page.locator('.drop.over').waitFor();
    await zone.dispatchEvent('drop', { dataTransfer: files });
  }

  it('of JSON is placed element by element', async () => {
    const page = await visit('/new');
    const orders = [
      { todo: ['A', 'B'], input: 1 },
      { todo: ['nobody'], input: 2 },
    ];
    await drop(page, 'orders.json', 'application/json', Buffer.from(JSON.stringify(orders)));
    await page.getByText('1 order placed, 1 row refused').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('cell', { name: '1', exact: true }).waitFor();
    await page.getByRole('cell', { name: /nobody/ }).waitFor();
  });

  it('that is a picture is the input of one order', async () => {
    const { url } = session.stack;
    await fetch(`${url}/workflows/look`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ activities: [{ name: 'first', pre: ['A'] }] }),
    });
    const page = await visit('/new?workflow=look');
    await page.getByRole('combobox', { name: 'Workflow', exact: true }).waitFor();
    await drop(page, 'dot.png', 'image/png', DOT);
    await page.waitForURL('**/console/orders/*');
    await page.getByText('image/png').first().waitFor();
  });

  it('of another kind is refused by its name', async () => {
    const page = await visit('/new');
    await drop(page, 'letter.docx', 'application/msword', Buffer.from('x'));
    await page.getByRole('alert').getByText('letter.docx: orders come as').waitFor();
  });
});

describe('a schedule', () => {
  it('is made by a form, which says with the words of the API what is wrong', async () => {
    const page = await visit('/schedules');
    await page.getByRole('link', { name: 'New schedule' }).click();
    await page.getByLabel('Name').fill('nightly');
    await page.getByLabel('Minute, hour, day, month, weekday').fill('0 25 * * *');
    await page.getByLabel('Time zone').fill('Europe/Berlin');
    await page.getByLabel('Plugins', { exact: true }).fill('A;B');
    await page.getByLabel('Input, as JSON').fill('5');
    await page.getByRole('button', { name: 'Store it' }).click();
    await page.getByRole('alert').getByText('cron').first().waitFor();
    await page.getByLabel('Minute, hour, day, month, weekday').fill('0 2 * * *');
    await page.getByRole('button', { name: 'Store it' }).click();
    await page.waitForURL('**/schedules/nightly');
    await page.getByText('0 2 * * * in Europe/Berlin').waitFor();
    await page.getByText('It has not run yet.').waitFor();
  });

  it('is paused with a reason, resumed, run at once, and deleted', async () => {
    const { url } = session.stack;
    await fetch(`${url}/schedules/weekly`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ cron: '0 2 * * 1', todo: ['A', 'B'], input: 5 }),
    });
    const page = await visit('/schedules');
    await page.getByRole('link', { name: 'weekly' }).click();
    await act(page, 'Pause', () => page.getByLabel('Reason').fill('stocktaking'));
    await page.getByText('stocktaking. It places no orders until').waitFor();
    await page.getByText('None is planned.').waitFor();
    await takePicture(page, 'schedule-paused');
    await act(page, 'Resume');
    await page.getByText('It is paused').waitFor({ state: 'detached' });
    await act(page, 'Run now');
    await page.waitForURL('**/console/orders/*');
    await page.getByText('B completed').waitFor();
    await page.goto(`${url}/console/schedules/weekly`);
    await act(page, 'Delete');
    await page.waitForURL('**/console/schedules');
    await page.getByRole('link', { name: 'weekly' }).waitFor({ state: 'detached' });
  });
});

it('a plugin is drained by a button: new tasks are parked, with the reason, until it is reopened', async () => {
  const { baton, url } = session.stack;
  const page = await visit('/plugins/hotel');
  await act(page, 'Drain it', () => page.getByLabel('Reason').fill('a new version comes'));
  await page.getByText('It is draining').waitFor();
  await page.getByText('a new version comes').waitFor();
  await page.getByText('◒ draining').waitFor();
  await takePicture(page, 'plugin-draining');
  expect(await axeFindings(page)).toEqual([]);

  const order = { input: { to: 'Oslo', price: 10 }, todo: ['hotel'] };
  const orderId = await placeUntilOneIsParked(baton, order);
  await page.goto(`${url}/console/orders/${orderId}`);
  await page.getByText('It waits for hotel, which drains: a new version comes').waitFor();

  await page.goto(`${url}/console/plugins/hotel`);
  await act(page, 'Reopen it');
  await page.getByRole('button', { name: 'Drain it' }).waitFor();
  expect((await baton.wait(orderId)).status).toBe('completed');
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
