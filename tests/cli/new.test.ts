import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { servicesHere } from '../../src/cli/commands/dev.ts';
import { makeFolder } from '../../src/cli/new/make-folder.ts';
import { complaintAbout } from '../../src/cli/node-version.js';
import { specIn } from '../../src/cli/own-package.ts';
import { runBaton } from './run-baton.ts';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

/** Exact, as this repository pins it. */
const VERSION = expect.stringMatching(/^\d+\.\d+\.\d+$/);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'baton-new-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const readJson = async (file: string) =>
  JSON.parse(await readFile(path.join(folder, file), 'utf8')) as Record<string, unknown>;

it('a new plugin in an empty folder has a manifest with all that it needs', async () => {
  const { folder: made, toInstall } = await makeFolder('plugin', 'duty-log', folder);
  expect([made, toInstall]).toEqual(['duty-log', true]);
  const { devDependencies, type } = await readJson('duty-log/package.json');
  expect(type).toBe('module');
  // Was: `^0.1.0`, which no registry has, and none of the tools. Now: the clone, and the tools that it has.
  expect(devDependencies).toMatchObject({
    batonflow: `file:${PROJECT.replace(/\/$/, '')}`,
    node: '24.21.0',
    serverless: 'npm:osls@4.3.1',
    ...{ 'serverless-esbuild': VERSION, 'serverless-offline': VERSION, esbuild: VERSION },
    ...{ fauxqs: VERSION, dynalite: VERSION },
  });
  const service = await readFile(path.join(folder, 'duty-log/serverless.yml'), 'utf8');
  expect(service).toContain('handler: handler.dutyLog');
  expect(service).toContain('plugin: duty-log');
  expect(service.trim().split('\n').length).toBeLessThanOrEqual(17);
  expect(await readFile(path.join(folder, 'duty-log/.gitignore'), 'utf8')).toContain('.baton/');
});

it.each([
  ['plugin', 'plugins/duty-log'],
  ['workflow', 'workflows/duty-log'],
] as const)(
  'a new %s in a project that has Baton lies in %s, and its tests pass at once',
  async (kind, place) => {
    const manifest = { private: true, devDependencies: { batonflow: '*' } };
    await writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest));
    await mkdir(path.join(folder, 'node_modules'));
    await symlink(PROJECT, path.join(folder, 'node_modules/batonflow'));
    const { folder: made, toInstall } = await makeFolder(kind, 'duty-log', folder);
    expect([made, toInstall]).toEqual([place, false]);
    const { stdout } = await promisify(execFile)(process.execPath, ['--test'], {
      cwd: path.join(folder, made),
      env: { PATH: process.env.PATH },
    });
    expect(stdout).toMatch(/pass 2\n/);
  },
  240_000,
);

// Was: a folder `hello` in the clone, with a manifest that could not be installed.
// Now: `plugins/hello`, which finds Baton by the clone's manifest and needs none.
it.each([
  ['plugin', 'plugins/duty-log', ''],
  ['plugin', 'plugins/duty-log', 'examples'],
  ['workflow', 'workflows/duty-log', ''],
] as const)(
  'a new %s in a clone of Baton is %s, also from its folder "%s", and its tests pass at once',
  async (kind, place, from) => {
    const clone = await smallClone();
    const command = path.join(clone, 'src/cli/baton.js');
    const run = (args: readonly string[], cwd: string) =>
      promisify(execFile)(process.execPath, args, { cwd, env: { PATH: process.env.PATH } });
    const { stdout } = await run([command, 'new', kind, 'duty-log'], path.join(clone, from));
    const made = path.join(clone, place);
    expect(stdout).toContain(
      `  cd ${path.relative(path.join(clone, from), made)}\n  npx node --test  `,
    );
    expect(await readdir(made)).not.toContain('package.json');
    expect(await readFile(path.join(made, 'README.md'), 'utf8')).toContain('\nnpx node --test  ');
    expect((await run(['--test'], made)).stdout).toMatch(/pass 2\n/);
  },
  240_000,
);

/** As much of this one as the command and the tests of a new folder need. */
async function smallClone(): Promise<string> {
  const clone = path.join(folder, 'clone');
  await mkdir(path.join(clone, 'examples'), { recursive: true });
  await cp(path.join(PROJECT, 'package.json'), path.join(clone, 'package.json'));
  for (const part of ['src', 'templates', 'infra'])
    await cp(path.join(PROJECT, part), path.join(clone, part), { recursive: true });
  await symlink(path.join(PROJECT, 'node_modules'), path.join(clone, 'node_modules'));
  return clone;
}

// Was: a plugin made by `npx ./batonflow-0.1.0.tgz` asked the registry for batonflow, which is not there yet.
// Now: it has Baton from where the command comes.
it('a folder made by a command from a tarball has Baton from that tarball', async () => {
  const project = path.join(folder, '_npx/1');
  await mkdir(project, { recursive: true });
  const dependencies = { batonflow: 'file:../../batonflow-0.1.0.tgz' };
  const manifest = path.join(project, 'package.json');
  await writeFile(manifest, JSON.stringify({ dependencies }));
  expect(specIn(project)).toBe(`file:${path.join(folder, 'batonflow-0.1.0.tgz')}`);
  await writeFile(manifest, JSON.stringify({ devDependencies: { batonflow: '^0.1.0' } }));
  expect(specIn(project)).toBeUndefined();
  expect(specIn(folder)).toBeUndefined();
});

// Was: a SyntaxError about an export of node:module.
// Now: a line that says which Node is needed: to run JavaScript as the package has it, or the TypeScript of a clone.
it.each([
  ['20.20.2', true, /this is Node 20\.20\.2; the command needs 22\.13/],
  ['22.12.0', true, /22\.12\.0/],
  ['9.9.9', true, /9\.9\.9/],
  ['22.17.0', false, /the command needs 22\.18 .* "npm ci" brings one/],
])(
  'Node %s is too old for the command, compiled: %s, and it says so',
  (version, isCompiled, line) => {
    expect(complaintAbout(version, { isCompiled })).toMatch(line);
  },
);

it.each([
  ['22.13.0', true],
  ['22.18.0', false],
  ['24.0.0', false],
  ['30.1.0', true],
])('Node %s is new enough, compiled: %s', (version, isCompiled) => {
  expect(complaintAbout(version, { isCompiled })).toBeUndefined();
});

it('what is there already is left as it is', async () => {
  await mkdir(path.join(folder, 'duty-log'));
  await expect(makeFolder('plugin', 'duty-log', folder)).rejects.toThrow(
    'duty-log is there already',
  );
});

it.each(['Duty', '2nd', 'duty log', '../duty', 'duty_log', 'd'.repeat(41)])(
  '%p is no name of a new plugin or workflow',
  async (name) => {
    const { exitCode, stderr } = await runBaton([
      'new',
      name.length % 2 === 0 ? 'plugin' : 'workflow',
      name,
    ]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(name);
    expect(stderr).toMatch(/a plugin name has|small letters, digits and hyphens/);
  },
);

it('dev runs the services under plugins/, else those in subfolders, and the folder itself', async () => {
  expect(servicesHere(folder, [])).toEqual(['--plugins', '.']);
  await writeFile(path.join(folder, 'serverless.yml'), '');
  expect(servicesHere(folder, [])).toEqual(['--plugins', '.', '--with=.']);
  await mkdir(path.join(folder, 'plugins'));
  expect(servicesHere(folder, [])).toEqual(['--plugins', 'plugins', '--with=.']);
  expect(servicesHere(folder, ['--plugins=other'])).toEqual(['--with=.']);
  expect(servicesHere(PROJECT, [])).toEqual([]);
});
