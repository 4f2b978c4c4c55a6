/**
 * `npm run verify:package`: builds the package, and uses it as somebody does who has no clone of Baton. In an empty folder outside of this
 * repository it installs the tarball, makes a plugin, tests it, runs it, places an order with the client and with the command, and packages
 * plugin and core for deployment. It prints each step with its seconds, and ends with 1 at the first that fails.
 */
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeTemporaryFolder } from '../temporary-folder.ts';
import { execute, type Printed, run, Server } from '../verify/command.ts';
import { zippedSizes } from '../zipped-sizes.ts';
import { DIST, REPOSITORY } from './places.ts';
import { plainEnvironment } from './plain-environment.ts';
import { Registry } from './registry.ts';

/** What has been reached, and a little. A larger one is to be noticed: 44 KB came with long lists, choices, enough, sessions and turns. */
const LARGEST_TARBALL_KB = 1090;
const MOST_PACKAGES = 25;
const LARGEST_INSTALLATION_MB = 32;
const LARGEST_PLUGIN_KB = 100;

/** It says how large the package is. */
const README = path.join(REPOSITORY, 'README.md');

/** Other tools than those of this machine, from the registry. */
const NPM_12 = 'npm@12.2.1';
const RUNTIMES = [
  { name: 'deno@2.9.6', run: ['deno', 'run', '--allow-net', '--node-modules-dir=manual'] },
  { name: 'bun@1.4.5', run: ['bun', 'run'] },
];

const PLUGIN = 'duty-log';
const INPUT = { name: 'Ada' };
const RESULT = { greeting: 'Hello, Ada!' };

const environment = plainEnvironment(process.env);
const registry = new Registry(new Date(), (line) => console.log(`          ${line}`));
const folder = makeTemporaryFolder('package');
try {
  await verify(folder);
} catch (error) {
  console.error(`baton: ${(error as Error).message}`);
  process.exitCode = 1;
}

async function verify(outside: string): Promise<void> {
  await step('npm run build', () => node(REPOSITORY, 'infra/npm-package/build.ts'));
  const tarball = await step('npm pack ./dist', () => pack(outside));
  await step('publint', () => tool('publint/src/cli.js', DIST, '--strict'));
  await step('attw', () =>
    tool('@arethetypeswrong/cli/dist/index.js', tarball, '--profile', 'esm-only', '--no-color'),
  );
  await step('npm install batonflow (SDK, client, command)', () => installAlone(outside, tarball));

  const base = path.join(outside, 'plugins-of-a-team');
  const plugin = path.join(base, PLUGIN);
  await mkdir(base);
  await step(`npx batonflow new plugin ${PLUGIN}`, () =>
    npm(base, 'exec', '--yes', `--package=${tarball}`, '--', 'batonflow', 'new', 'plugin', PLUGIN),
  );
  await step('npm install, with npm 12, which runs no install scripts', () =>
    installWithNpm12(plugin, tarball),
  );
  await step('npm test', () => npm(plugin, 'test'));
  await step('npx tsc, with the types of every entry', () => checkTypes(plugin));
  await step('npx baton new workflow greeting, its npm test, npx baton try', () =>
    tryWorkflow(plugin),
  );
  await step(
    'npx baton dev, orders with the client on Node, Deno and Bun, one with the command',
    () => play(plugin),
  );
  await step('npx serverless package (the plugin)', () => packagePlugin(plugin));
  await step('npx baton deploy (the core): no credentials', () => refuseDeployment(plugin));
  await step('npx serverless package (the core)', () => packageCore(plugin));
}

async function step<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  const started = performance.now();
  const result = await work().catch((error: Error) => {
    throw new Error(`${name}: ${error.message}`);
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${seconds.padStart(6)} s  ${name}`);
  return result;
}

async function npm(cwd: string, ...args: string[]): Promise<string> {
  return (await executeNpm(cwd, ...args)).stdout;
}

function executeNpm(cwd: string, ...args: string[]): Promise<Printed> {
  return registry.use((settings) =>
    execute('npm', args, { cwd, env: { ...environment, ...settings }, seconds: 400 }),
  );
}

/** Runs a command of a package that is not installed. */
function withPackage(cwd: string, name: string, ...command: string[]): Promise<string> {
  return npm(cwd, 'exec', '--yes', `--package=${name}`, '--', ...command);
}

function node(cwd: string, ...args: string[]): Promise<string> {
  return run(process.execPath, args, { cwd, env: environment, seconds: 400 });
}

function tool(file: string, ...args: string[]): Promise<string> {
  return node(REPOSITORY, path.join(REPOSITORY, 'node_modules', file), ...args);
}

async function pack(target: string): Promise<string> {
  const name = (await npm(DIST, 'pack', '--silent', '--pack-destination', target)).trim();
  const tarball = path.join(target, name);
  const kilobytes = (await stat(tarball)).size / 1024;
  console.log(`          ${name}: ${kilobytes.toFixed(0)} KB`);
  expectAtMost(`KB of ${name}`, kilobytes, LARGEST_TARBALL_KB);
  return tarball;
}

/** What somebody gets who places orders, or whose plugin runs in a container. */
async function installAlone(outside: string, tarball: string): Promise<void> {
  const app = path.join(outside, 'application');
  await mkdir(app);
  await writeFile(path.join(app, 'package.json'), '{ "private": true, "type": "module" }');
  await npm(app, 'install', '--no-audit', '--no-fund', tarball);
  const { packages, megabytes, onDisk } = await sizeOf(path.join(app, 'node_modules'));
  const size = `${packages} packages, ${megabytes.toFixed(0)} MB of files, ${onDisk.toFixed(0)} MB on disk`;
  console.log(`          ${size}`);
  // How much it is on disk depends on the disk's blocks.
  const readme = await readFile(README, 'utf8');
  const [, saidPackages, saidMegabytes] =
    /brings (\d+) packages, (\d+) MB of files/.exec(readme) ?? [];
  if (Number(saidPackages) !== packages || Math.abs(Number(saidMegabytes) - megabytes) > 1) {
    throw new Error(`README.md says otherwise: ${size}`);
  }
  expectAtMost('packages', packages, MOST_PACKAGES);
  expectAtMost('MB installed', megabytes, LARGEST_INSTALLATION_MB);
  await node(
    app,
    ...['--input-type=module', '--eval'],
    "for (const entry of ['', '/sdk', '/sdk/testing', '/client', '/plugin-resources']) await import('batonflow' + entry);",
  );
  await npm(app, 'exec', '--no', '--', 'baton', '--help');
}

async function sizeOf(modules: string) {
  const files = await readdir(modules, { recursive: true, withFileTypes: true });
  const stats = await Promise.all(
    files
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => stat(path.join(parentPath, name))),
  );
  const isPackage = /node_modules\/(@[^/]+\/)?[^/@.][^/]*$/;
  const packages = files.filter(
    ({ name, parentPath }) => name === 'package.json' && isPackage.test(parentPath),
  );
  return {
    packages: packages.length,
    megabytes: stats.reduce((sum, { size }) => sum + size, 0) / 2 ** 20,
    onDisk: stats.reduce((sum, { blocks }) => sum + blocks * 512, 0) / 2 ** 20,
  };
}

async function installWithNpm12(plugin: string, tarball: string): Promise<void> {
  const install = ['npm', 'install', '--save-dev', '--no-audit', '--no-fund', tarball];
  const { stderr } = await executeNpm(
    plugin,
    ...['exec', '--yes', `--package=${NPM_12}`, '--', ...install],
  );
  if (/allow-?scripts/i.test(stderr)) throw new Error(`npm 12 asks: ${stderr}`);
}

/** Whoever checks the types of libraries too must find all that ours refer to. */
async function checkTypes(plugin: string): Promise<void> {
  const file = path.join(plugin, 'all-entries.ts');
  await writeFile(
    file,
    `import { orderRequestSchema, type OrderRequest } from 'batonflow';
import { Baton } from 'batonflow/client';
import PluginResources from 'batonflow/plugin-resources';
import { definePlugin } from 'batonflow/sdk';
import { performOnce } from 'batonflow/sdk/testing';

export const order: OrderRequest = orderRequestSchema.parse({ input: 1, todo: ['A'] });
export const all = [Baton, PluginResources, performOnce];
export const double = definePlugin((n: number) => n * 2);
export const place = async (baton: Baton) => (await baton.wait('o-1')).status === 'completed';
// @ts-expect-error an order has an input
export const wrong = (baton: Baton) => baton.place({ todo: ['A'] });
`,
  );
  await npm(plugin, 'exec', '--no', '--', 'tsc', '--skipLibCheck', 'false');
  await rm(file);
}

/** In a folder that has Baton, nothing needs to be installed. */
async function tryWorkflow(project: string): Promise<void> {
  await npm(project, 'exec', '--no', '--', 'baton', 'new', 'workflow', 'greeting');
  const workflow = path.join(project, 'workflows/greeting');
  await npm(workflow, 'test');
  const printed = await npm(
    workflow,
    ...['exec', '--no', '--', 'baton', '--json', 'try', 'greeting.yml', '--input', '5'],
  );
  const { order } = JSON.parse(printed) as { order: { status: string; result: unknown } };
  expectSame('the order that was tried', order.status, 'completed');
  await rm(path.join(project, 'workflows'), { recursive: true });
}

async function play(plugin: string): Promise<void> {
  const dev = new Server('baton dev', 'npx', ['--no', 'baton', 'dev', '--port', '0'], {
    cwd: plugin,
    env: environment,
  });
  try {
    const started = performance.now();
    const url = await dev.until(120, async () => /^API\s+(\S+)/m.exec(dev.log)?.[1]);
    console.log(`          ready after ${((performance.now() - started) / 1000).toFixed(1)} s`);
    const program = `
import { Baton } from 'batonflow/client';
const baton = new Baton({ url: ${JSON.stringify(url)} });
const { orderId } = await baton.place(${JSON.stringify({ input: INPUT, todo: [PLUGIN] })});
const { status, result } = await baton.wait(orderId, { timeoutMs: 60_000 });
console.log(JSON.stringify({ status, result }));`;
    const file = path.join(plugin, 'place-order.mjs');
    await writeFile(file, program);
    const done = { status: 'completed', result: RESULT };
    expectSame('the order of the client', JSON.parse(await node(plugin, file)), done);
    for (const { name, run: words } of RUNTIMES) {
      const printed = await withPackage(plugin, name, ...words, file);
      expectSame(`the order of the client on ${name}`, JSON.parse(printed), done);
    }
    await rm(file);
    const printed = await npm(
      plugin,
      ...['exec', '--no', '--', 'baton', '--api', url, '--json', 'submit', '--wait'],
      ...['--todo', PLUGIN, '--input', JSON.stringify(INPUT)],
    );
    const { ended: orders } = JSON.parse(printed) as { ended: { result: unknown }[] };
    expectSame('the order of the command', orders[0]?.result, RESULT);
  } finally {
    await dev.stop();
  }
}

async function packagePlugin(plugin: string): Promise<void> {
  await npm(plugin, 'exec', '--no', '--', 'serverless', 'package', '--stage', 'dev');
  const sizes = await zippedSizes(path.join(plugin, `.serverless/${PLUGIN}.zip`));
  expectSame('the files of the plugin', [...sizes.keys()], ['handler.mjs']);
  expectAtMost(
    "KB of the plugin's bundle",
    (sizes.get('handler.mjs') ?? 0) / 1024,
    LARGEST_PLUGIN_KB,
  );
}

async function refuseDeployment(plugin: string): Promise<void> {
  const refusal = await npm(plugin, 'exec', '--no', '--', 'baton', 'deploy', '--stage', 'dev').then(
    () => 'nothing',
    ({ message }: Error) => message,
  );
  if (!refusal.includes('baton: no AWS credentials')) throw new Error(`it says ${refusal}`);
}

async function packageCore(plugin: string): Promise<void> {
  const cores = path.join(plugin, '.baton/_core');
  const [core = ''] = await readdir(cores);
  const service = path.join(cores, core);
  await npm(service, 'exec', '--no', '--', 'serverless', 'package', '--stage', 'dev');
  const zips = (await readdir(path.join(service, '.serverless'))).filter((file) =>
    file.endsWith('.zip'),
  );
  const handlers = await readdir(path.join(service, 'src/handlers'));
  expectSame('functions of the core', zips.length, handlers.length);
}

function expectAtMost(what: string, value: number, most: number): void {
  if (value > most) throw new Error(`${what}: ${value.toFixed(0)}, which is over ${most}`);
}

function expectSame(what: string, value: unknown, expected: unknown): void {
  const [is, was] = [JSON.stringify(value), JSON.stringify(expected)];
  if (is !== was) throw new Error(`${what}: ${is} instead of ${was}`);
}
