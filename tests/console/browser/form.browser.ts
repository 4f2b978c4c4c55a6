import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { consoleSession } from './console-session.ts';
import { ARITHMETIC, ConsoleStack } from './console-stack.ts';
import { axeFindings, isTooWide, takePicture } from './open-browser.ts';

/** What `B` says that it takes here, in the words of YAML, which JSON is. */
const SCHEMA = {
  type: 'object',
  required: ['text', 'size'],
  properties: {
    text: { type: 'string', description: 'what is engraved', maxLength: 40 },
    size: { type: 'integer', minimum: 4, maximum: 72, default: 12 },
    font: { enum: ['serif', 'script'] },
    deep: { type: 'boolean', description: 'cut twice' },
  },
};

const folder = mkdtempSync(path.join(tmpdir(), 'baton-form-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The arithmetic plugins, where `B` describes its input. */
function servicesWithSchema(): string {
  const service = path.join(folder, 'arithmetic');
  cpSync(ARITHMETIC, service, { recursive: true });
  const file = path.join(service, 'serverless.yml');
  const text = readFileSync(file, 'utf8');
  const place = /(plugin: B\n(?:.*\n)*?\s+inputSchema: )\{.*\}/;
  expect(text).toMatch(place);
  writeFileSync(
    file,
    text.replace(place, (_all, before: string) => before + JSON.stringify(SCHEMA)),
  );
  return service;
}

const session = consoleSession(() => ConsoleStack.start([servicesWithSchema()]));

it('the input of a new order is a form, as the plugin describes it; what is missing is said before it is sent', async () => {
  const page = await session.visit('/new', { viewport: { width: 390, height: 844 } });
  await page.getByRole('button', { name: 'A list of plugins' }).click();
  await page.getByLabel('Plugins', { exact: true }).fill('B');
  await page.getByText('B says what it takes.').waitFor();
  expect(await page.getByLabel('size').inputValue()).toBe('12');
  await takePicture(page, 'new-order-form-390-light');
  expect(await axeFindings(page)).toEqual([]);
  expect(await isTooWide(page)).toBe(false);

  const text = page.getByLabel('text');
  await page.getByRole('button', { name: 'Place the order' }).click();
  expect(await text.evaluate((field) => (field as HTMLInputElement).validity.valueMissing)).toBe(
    true,
  );
  await text.fill('for "Ada"');
  await page.getByLabel('font').selectOption('script');
  await page.getByRole('checkbox', { name: /deep/ }).check();
  await page.getByRole('button', { name: 'Write JSON instead' }).click();
  const json = await page.getByLabel('Input, as JSON').inputValue();
  expect(JSON.parse(json)).toEqual({ text: 'for "Ada"', size: 12, font: 'script', deep: true });
  await page.getByRole('button', { name: 'Fill in a form' }).click();
  expect(await text.inputValue()).toBe('for "Ada"');
  await page.getByRole('button', { name: 'Place the order' }).click();
  await page.waitForURL('**/console/orders/*');
  const orderId = page.url().split('/').at(-1) ?? '';
  expect((await session.stack.baton.get(orderId)).input).toEqual(JSON.parse(json));
});
