import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { PROJECT, packageService } from './package-service.ts';
import { pluginTemplate } from './plugin-template.ts';

it('docs/plugin-template.yml is what the Serverless plugin makes (node tests/infra/write-plugin-template.ts writes it)', async () => {
  const packaged = await packageService(path.join(PROJECT, 'plugins/arithmetic'));
  const documented = await readFile(path.join(PROJECT, 'docs/plugin-template.yml'), 'utf8');
  expect(documented).toBe(pluginTemplate(packaged));
}, 480_000);

it('docs/other-tools.md names every variable that a function gets', async () => {
  const page = await readFile(path.join(PROJECT, 'docs/other-tools.md'), 'utf8');
  const packaged = await packageService(path.join(PROJECT, 'plugins/arithmetic'));
  const variables = packaged.Resources.ALambdaFunction?.Properties.Environment.Variables ?? {};
  expect(Object.keys(variables)).not.toEqual([]);
  for (const name of Object.keys(variables)) expect(page).toContain(`\`${name}\``);
}, 480_000);
