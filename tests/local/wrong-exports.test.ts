import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bundleInFolder } from '../../infra/local/services/deployed-service.ts';
import { loadService } from '../../infra/local/services/load-service.ts';

let place: string;
beforeAll(async () => {
  place = await mkdtemp(path.join(import.meta.dirname, '.exports-'));
});
afterAll(() => rm(place, { recursive: true, force: true }));

/** A service whose plugin is the export `charge` of a file with this text. */
async function bundled(text: string, format = '') {
  const folder = await mkdtemp(path.join(place, 'service-'));
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'handler.ts'), text);
  await writeFile(
    path.join(folder, 'serverless.yml'),
    `service: pay
provider: { name: aws, runtime: nodejs24.x }
plugins: [batonflow/plugin-resources]
${format}
functions:
  charge: { handler: handler.charge, baton: { plugin: charge } }
`,
  );
  const service = await loadService(folder, { params: {}, region: 'eu-west-1' });
  return bundleInFolder(service, path.join(folder, 'bundles'));
}

const SDK = `import { definePlugin } from 'batonflow/sdk';\n`;

// Was: it was taken, and each of its tasks failed. Now: it is refused when it is deployed, with the exports that there are.
describe('a handler is refused when it is deployed', () => {
  it.each([
    ['an ECMAScript module', ''],
    [
      'CommonJS',
      'custom: { esbuild: { format: cjs, outputFileExtension: .cjs, banner: { js: "" } } }',
    ],
  ])('that is not exported by %s', async (_, format) => {
    const text = `${SDK}export const chrage = definePlugin(() => 1);\nexport const b = 2;\n`;
    await expect(bundled(text, format)).rejects.toThrow(
      /^Service pay: handler\.charge: there is no export charge; there are: (b, chrage|chrage, b)\.$/,
    );
  });

  it('that is the default export', async () => {
    await expect(bundled(`${SDK}export default definePlugin(() => 1);`)).rejects.toThrow(
      'handler.charge: there is no export charge; there are: default.',
    );
  });

  it('that is no function', async () => {
    await expect(bundled('export const charge = { perform: () => 1 };')).rejects.toThrow(
      'handler.charge: the export charge is no function; there are: charge.',
    );
  });
});

it.each([
  ['made by definePlugin', `${SDK}export const charge = definePlugin<number, number>(() => 1);`],
  ['made elsewhere', `${SDK}const made = definePlugin(() => 1);\nexport { made as charge };`],
  ['an arrow', 'export const charge = async () => ({ batchItemFailures: [] });'],
  [
    'not loadable here',
    `export { made as charge };\nconst made = (() => { throw new Error('no table'); })();`,
  ],
])('a handler that is %s is taken', async (_, text) => {
  expect((await bundled(text)).bundle.handlers).toHaveProperty('charge');
});
