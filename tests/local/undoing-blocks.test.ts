import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { bundleInFolder } from '../../infra/local/services/deployed-service.ts';
import { loadService } from '../../infra/local/services/load-service.ts';

let place: string;
beforeAll(async () => {
  place = await mkdtemp(path.join(import.meta.dirname, '.undoing-'));
});
afterAll(() => rm(place, { recursive: true, force: true }));

/** A service whose plugin is defined with `given`, and whose block says `says`. */
async function bundled(name: string, given: string, says = '') {
  const folder = path.join(place, name);
  await mkdir(folder, { recursive: true });
  await writeFile(
    path.join(folder, 'handler.ts'),
    `import { definePlugin } from 'batonflow/sdk';\nexport const charge = definePlugin(() => 1${given});\n`,
  );
  await writeFile(
    path.join(folder, 'serverless.yml'),
    `service: ${name}
provider: { name: aws, runtime: nodejs24.x }
plugins: [batonflow/plugin-resources]
functions:
  charge:
    handler: handler.charge
    baton: { plugin: ${name}${says} }
`,
  );
  const service = await loadService(folder, { params: {}, region: 'eu-west-1' });
  return bundleInFolder(service, path.join(folder, 'bundles'));
}

const UNDOES = ', { compensate: () => undefined }';

// Was: `npm start` took a plugin whose block and function disagree about undoing; its first task failed.
// Now: it is refused as its packaging is, in the same words.
it('a plugin that undoes without saying so is refused by the local stack', async () => {
  await expect(bundled('charge-a', UNDOES)).rejects.toThrow(
    'service "charge-a", function "charge": definePlugin was given `compensate`, but its block does not say `compensates: true`',
  );
});

it('so is one that says so and does not', async () => {
  await expect(bundled('charge-b', '', ', compensates: true')).rejects.toThrow(
    'service "charge-b", function "charge": its block says `compensates: true`, but definePlugin was given no `compensate`',
  );
});

it('one that does as it says is taken', async () => {
  expect((await bundled('charge-c', UNDOES, ', compensates: true')).bundle.handlers).toHaveProperty(
    'charge',
  );
  expect((await bundled('charge-d', '')).bundle.handlers).toHaveProperty('charge');
});
