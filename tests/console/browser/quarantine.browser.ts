import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { consoleSession } from './console-session.ts';
import { ConsoleStack } from './console-stack.ts';
import { axeFindings, takePicture } from './open-browser.ts';
import { placeUntilOneIsParked } from './parked-order.ts';

/** Two plugins that sell trips. `ticket` asks an office, which does not exist here: each attempt fails. */
const TRIPS = fileURLToPath(new URL('../../../examples/failure/service', import.meta.url));

const session = consoleSession(() => ConsoleStack.start([TRIPS]));

/** The author of `ticket` finds a way without the office, and deploys it. */
function mend(): Promise<void> {
  const handler = path.join(session.stack.folder, 'plugins/service/handler.ts');
  const text = readFileSync(handler, 'utf8');
  const begin = 'export const ticket = definePlugin(async ({ trip }: Trip)';
  expect(text).toContain(begin);
  const mended = 'export const ticket = definePlugin(({ trip }: Trip) => ({ ticket: trip }));\n';
  return session.stack.saysAfter('code changed', () =>
    writeFileSync(handler, mended + text.replace(begin, begin.replace('ticket', 'former'))),
  );
}

it('a plugin that breaks down is seen to be held back, with the reason, and to work again once it is mended', async () => {
  const { baton } = session.stack;
  const page = await session.visit('/');
  await page.getByRole('heading', { level: 1, name: 'All is quiet' }).waitFor();
  const orders = Array.from({ length: 8 }, (_, trip) => ({ input: { trip }, todo: ['ticket'] }));
  const { accepted } = await baton.placeMany(orders);

  await page.getByRole('heading', { level: 1, name: 'ticket is held back' }).waitFor();
  await takePicture(page, 'quarantine-overview');
  expect(await axeFindings(page)).toEqual([]);
  await page.getByText('ticket is held back').getByRole('link', { name: 'ticket' }).click();
  await page.getByText('It is held back').waitFor();
  await page.getByText(/when one works, it reopens by itself/).waitFor();
  await takePicture(page, 'quarantine-plugin');
  expect(await axeFindings(page)).toEqual([]);

  await mend();
  await page.getByRole('button', { name: 'Hold it back' }).waitFor();
  const ended = await Promise.all(accepted.map(({ orderId }) => baton.wait(orderId)));
  expect(ended.map(({ status }) => status)).toContain('completed');
  await page.getByText('✓ well').waitFor();
  await takePicture(page, 'quarantine-over');
});

it('a plugin is held back by hand; an order that needs it says so, and goes on when it is reopened', async () => {
  const { baton, url } = session.stack;
  const page = await session.visit('/plugins');
  await page.getByRole('link', { name: 'flight' }).click();
  await page.getByRole('button', { name: 'Hold it back' }).click();
  const dialog = page.getByRole('dialog', { name: 'Hold it back: flight' });
  await dialog.getByLabel('Reason').fill('its database moves');
  expect(await axeFindings(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Hold it back' }).click();
  await page.getByText('its database moves').waitFor();
  await page.getByText('it stays so until somebody reopens it').waitFor();

  const orderId = await placeUntilOneIsParked(baton, { input: { trip: 9 }, todo: ['flight'] });
  await page.getByText('1 task is parked').waitFor();
  await page.goto(`${url}/console/orders/${orderId}`);
  await page.getByText('It waits for flight, in quarantine:').waitFor();
  await page.getByRole('button', { name: 'flight parked' }).waitFor();
  await takePicture(page, 'parked-order');

  await page.goto(`${url}/console/plugins/flight`);
  await page.getByRole('button', { name: 'Reopen it' }).click();
  await page.getByLabel('Reason').fill('it has moved');
  await page.getByRole('dialog').getByRole('button', { name: 'Reopen it' }).click();
  await page.getByRole('button', { name: 'Hold it back' }).waitFor();
  expect((await baton.wait(orderId)).status).toBe('completed');
  await page.goto(`${url}/console/orders/${orderId}`);
  await page.getByText('flight takes tasks again: what was parked goes on').waitFor();
});
