import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { zippedSizes } from '../../infra/zipped-sizes.ts';
import { PROJECT, packageOutside, resourcesOfType, serverless } from './package-service.ts';

/** A team's own repository, with Baton as a package. */
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'baton-outside-'));
  await mkdir(path.join(folder, 'node_modules'));
  await symlink(PROJECT, path.join(folder, 'node_modules/batonflow'));
  await writeFile(path.join(folder, 'package.json'), '{ "name": "outside" }');
  await writeFile(path.join(folder, 'package-lock.json'), '{}');
  await writeFile(path.join(folder, 'handler.ts'), 'export const scale = async () => 1;');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const writeService = (block: string) =>
  writeFile(
    path.join(folder, 'serverless.yml'),
    `
service: outside
plugins: [serverless-esbuild, batonflow/plugin-resources]
provider: { name: aws, runtime: nodejs24.x, timeout: 20 }
functions:
  scale:
    handler: handler.scale
    baton: ${block}
`,
  );

it('a service outside of this project registers its plugin with the system that it names', async () => {
  await writeService('{ joins: [{ activity: make, stage: parallel }] }');
  const template = await packageOutside(folder, '--param', 'system-name=photos');
  const queues = Object.values(resourcesOfType(template, 'AWS::SQS::Queue'));
  expect(queues.map(({ Properties }) => Properties.QueueName)).toEqual([
    'photos-test-plugin-scale',
    'photos-test-plugin-scale-dead',
  ]);
  expect(template.Resources.ScaleRegistration?.Properties.ServiceToken).toEqual({
    Ref: 'CoreRegistrationsTopicArn',
  });
  expect(template.Parameters?.CoreRegistrationsTopicArn?.Default).toBe(
    '/baton/photos/test/registrations-topic-arn',
  );
}, 300_000);

// Was: the bundler left a folder a function in the system's temporary folder. Now: nothing is left there.
it('a service that names no bundler is packaged as one small ECMAScript module, and leaves nothing', async () => {
  await writeFile(
    path.join(folder, 'handler.ts'),
    `import { definePlugin } from 'batonflow/sdk';\nexport const scale = definePlugin((n: number) => n * 2);\n`,
  );
  await writeFile(
    path.join(folder, 'serverless.yml'),
    `
service: outside
plugins: [batonflow/plugin-resources]
provider: { name: aws, runtime: nodejs24.x, timeout: 20 }
functions:
  scale:
    handler: handler.scale
    baton: {}
`,
  );
  const left = await leftBy(() => serverless(folder, 'package', '--stage', 'test'));
  expect(left).toEqual([]);
  const sizes = await zippedSizes(path.join(folder, '.serverless/outside.zip'));
  expect([...sizes.keys()]).toEqual(['handler.mjs']);
  expect(sizes.get('handler.mjs')).toBeLessThan(100 * 1024);
}, 300_000);

// Was: only the plugin's first task found it out, in the account. Now: nothing is packaged.
it('a block that promises what the function cannot undo ends the packaging', async () => {
  await writeFile(
    path.join(folder, 'handler.ts'),
    `import { definePlugin } from 'batonflow/sdk';\nexport const scale = definePlugin((n: number) => n * 2);\n`,
  );
  await writeService('{ compensates: true }');
  await expect(serverless(folder, 'package', '--stage', 'test')).rejects.toThrow(
    'service "outside", function "scale": its block says `compensates: true`, but definePlugin was given no `compensate`',
  );
}, 300_000);

it('a wrong baton: block ends the command with its path and the reason', async () => {
  await writeService('{ joins: [{ activity: make, stage: sideways }] }');
  await expect(serverless(folder, 'print')).rejects.toThrow(
    'service "outside", function "scale", baton.joins[0].stage: must be one of "pre", "parallel", "post"',
  );
}, 300_000);

/** Does it with a temporary folder of its own. @returns what is left there */
async function leftBy(work: () => Promise<unknown>): Promise<string[]> {
  const temp = await mkdtemp(path.join(tmpdir(), 'left-'));
  const before = process.env.TMPDIR;
  process.env.TMPDIR = temp;
  try {
    await work();
    return await readdir(temp);
  } finally {
    process.env.TMPDIR = before;
  }
}
