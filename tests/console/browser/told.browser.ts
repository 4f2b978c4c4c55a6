import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from '@jest/globals';
import type { Json } from '../../../src/core/json.ts';
import { consoleSession } from './console-session.ts';
import { ARITHMETIC, ConsoleStack } from './console-stack.ts';
import { axeFindings, takePicture } from './open-browser.ts';

const UNRULY = fileURLToPath(new URL('unruly', import.meta.url));

const session = consoleSession(() => ConsoleStack.start([ARITHMETIC, UNRULY]));
const { visit } = session;

const put = (name: string, definition: object) =>
  fetch(`${session.stack.url}/workflows/${name}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(definition),
  });

beforeAll(async () => {
  const last = { name: 'last', pre: ['refuse'] };
  await put('unpaid', {
    activities: [{ name: 'first', pre: [{ waitFor: { event: 'paid' }, timeoutSeconds: 1 }, 'A'] }],
  });
  await put('rounds', {
    activities: [{ name: 'first', pre: ['A'], repeat: { until: 'false', max: 2 } }],
  });
  await put('undone', { activities: [{ name: 'first', pre: ['book', 'pay'] }, last] });
  await put('held', { pauseOnFailure: true, activities: [last] });
  await put('slow', { activities: [{ name: 'first', pre: [{ wait: '1h' }, 'A'] }] });
});

const place = async (workflow: string, input: Json = 5) =>
  (await session.stack.baton.place({ workflow, input })).orderId;

async function ended(workflow: string, input?: Json) {
  const orderId = await place(workflow, input);
  await session.stack.baton.wait(orderId);
  return orderId;
}

/** Each page in both schemes and on a phone, for people to look at. */
async function look(path: string, text: string, name: string) {
  const looks = [
    { colorScheme: 'light' as const },
    { colorScheme: 'dark' as const, viewport: { width: 390, height: 844 } },
  ];
  for (const options of looks) {
    const page = await visit(path, options);
    await page.getByText(text).first().waitFor();
    await takePicture(page, `${name}-${options.colorScheme}`);
    expect(await axeFindings(page)).toEqual([]);
  }
}

// Was: "It was looked after, and nothing was due", and a bar of work. Now: it says what did not come.
it('an event that did not come in time is told as that', async () => {
  const path = `/orders/${await ended('unpaid')}`;
  const page = await visit(path);
  await page.getByText('paid failed: paid did not come within 1 s').waitFor();
  expect(await page.getByText('nothing was due').count()).toBe(0);
  expect(await page.locator('.waterfall .part').getAttribute('class')).toBe('part answer');
  await look(path, 'paid failed: paid did not come', 'order-unpaid');
});

// Was: no line told of it, its attempt was the 0th, and a plugin "repeat" was linked that is none.
it('an activity that was repeated too often is told as that', async () => {
  const page = await visit(`/orders/${await ended('rounds')}`);
  await page.locator('.timeline').getByText('repeat failed: after 2 rounds').waitFor();
  await page.getByText('no plugin: the workflow itself').waitFor();
  expect(await page.getByText('attempt 0').count()).toBe(0);
  expect(await page.getByRole('link', { name: 'plugin repeat' }).count()).toBe(0);
});

// Was: it stood in the last line of one card that the undoing had failed, and the rest of it was "to come" for ever.
it('an undoing that failed stands at the top, with what is left', async () => {
  const path = `/orders/${await ended('undone', { message: 'no' })}`;
  const page = await visit(path);
  const verdict = page.locator('.problem[role="status"]');
  await verdict.getByText('Its undoing stopped at pay (the bank keeps the money).').waitFor();
  await verdict.getByText('Not undone either: book. A retry goes on with it.').waitFor();
  await page.getByText('What was undone, and what was not').waitFor();
  expect(await page.getByText('to come').count()).toBe(0);
  await look(path, 'What was undone, and what was not', 'order-not-undone');
});

// Was: it waited "for someone", and nothing said why, neither there nor in the list.
it('an order that has paused instead of failing says why, and is retried', async () => {
  const orderId = await place('held', { message: 'the invoice has no number' });
  const path = `/orders/${orderId}`;
  const page = await visit(path);
  await page.getByText('refuse failed: the invoice has no number (REFUSED).').waitFor();
  await page.getByRole('button', { name: 'Retry' }).waitFor();
  await look(path, 'refuse failed', 'order-paused');
  await look('/orders?status=paused', 'refuse: refused', 'orders-paused');
});

it('an order that somebody has paused says who and why, and offers no retry', async () => {
  const orderId = await place('slow');
  await session.stack.baton.pause(orderId, { reason: 'the night shift looks at it' });
  const page = await visit(`/orders/${orderId}`);
  await page.getByText('Paused by operator').first().waitFor();
  await page.getByText('the night shift looks at it').first().waitFor();
  await page.getByRole('button', { name: 'Resume' }).waitFor();
  expect(await page.getByRole('button', { name: 'Retry' }).count()).toBe(0);
});
