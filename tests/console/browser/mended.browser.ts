import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { consoleSession } from './console-session.ts';
import { axeFindings, takePicture } from './open-browser.ts';

const session = consoleSession();

it('a plugin that fails is watched from the first red to the mended green', async () => {
  const { stack } = session;
  const page = await session.visit('/');
  await page.getByText('Nothing has failed.').waitFor();

  // Something is wrong with a plugin: orders fail.
  const orders = [1, 2, 3].map(() => ({ input: 'five', todo: ['A'] }));
  const { accepted } = await stack.baton.placeMany(orders);
  await Promise.all(accepted.map(({ orderId }) => stack.baton.wait(orderId)));
  const group = page.getByRole('link', { name: 'A: not a number' });
  await group.waitFor();
  await takePicture(page, 'failing-overview');
  await group.click();

  // One of them says why.
  await page.getByRole('link', { name: accepted[0]?.orderId ?? '' }).click();
  await page.getByText('A failed at attempt 1: the input is a number').waitFor();
  await takePicture(page, 'failing-order');

  // Its author mends it, and deploys.
  const handler = path.join(stack.folder, 'plugins/arithmetic/handler.ts');
  const mended = readFileSync(handler, 'utf8').replace(
    "if (typeof value === 'number') return value;",
    "if (value === 'five') return 5;\n    $&",
  );
  await stack.saysAfter('code changed', () => writeFileSync(handler, mended));

  // All that failed because of it are retried together.
  await page.goBack();
  await page.getByRole('button', { name: 'Retry' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Retry 3 orders' }).click();
  await dialog.getByText('It is done.').waitFor();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await Promise.all(accepted.map(({ orderId }) => stack.baton.wait(orderId)));
  await page.getByText('No order matches.').waitFor();
  await page.getByRole('link', { name: 'Overview' }).click();
  await page.getByText('Nothing has failed.').waitFor();
  await takePicture(page, 'mended-overview');
  expect(await axeFindings(page)).toEqual([]);
});
