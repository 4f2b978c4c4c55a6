import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

/** A clone, as far as it is needed to be told what is missing. */
let clone: string;
beforeEach(() => {
  clone = mkdtempSync(path.join(tmpdir(), 'baton-run-'));
  for (const file of ['infra/run.js', 'src/cli/baton.js', 'src/cli/node-version.js'])
    cpSync(path.join(PROJECT, file), path.join(clone, file));
  writeFileSync(path.join(clone, 'package.json'), '{"type":"module"}');
  writeFileSync(
    path.join(clone, 'file.ts'),
    'console.log((process.argv.slice(1) as string[]).join());',
  );
});
afterEach(() => rmSync(clone, { recursive: true }));

function install(): void {
  const folder = path.join(clone, 'node_modules/commander');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'index.js'), '');
}

/** As that version of Node would do it, up to the first file of TypeScript. */
function run(args: readonly string[], { version = '', script = '' } = {}) {
  const preload = path.join(clone, 'preload.cjs');
  const as = `Object.defineProperty(process, 'versions', { value: { node: '${version}' } });`;
  writeFileSync(preload, version && as);
  const env = { PATH: process.env.PATH, ...(script && { npm_lifecycle_event: script }) };
  const options = { cwd: clone, encoding: 'utf8', env } as const;
  return spawnSync(process.execPath, ['--require', preload, ...args], options);
}

// Was: on Node 20, before npm ci, ERR_UNKNOWN_FILE_EXTENSION and a stack trace. Now: a line that says what to do.
describe('before npm ci', () => {
  it('a script says which Node it needs, and where that comes from', () => {
    const { status, stderr } = run(['infra/run.js', 'file.ts'], {
      version: '20.20.2',
      script: 'demo',
    });
    expect([status, stderr]).toEqual([
      1,
      'baton: this is Node 20.20.2; npm run demo needs 22.18 or newer, and 24 is best. "npm ci" brings one, which npm run and npx take: run that first\n',
    ]);
  });

  it('the command does, too', () => {
    const { status, stderr } = run(['src/cli/baton.js', 'status'], { version: '22.17.1' });
    expect([status, stderr]).toEqual([
      1,
      'baton: this is Node 22.17.1; the command needs 22.18 or newer, and 24 is best. "npm ci" brings one, which npm run and npx take: run that first\n',
    ]);
  });

  it.each([['infra/run.js', 'file.ts'], ['src/cli/baton.js']])(
    'where Node is new enough, %s says that packages are missing',
    (...args) => {
      const { status, stderr } = run(args);
      expect([status, stderr]).toEqual([
        1,
        'baton: its packages are not installed: run "npm ci" first\n',
      ]);
    },
  );
});

it('a script gets its arguments as it would without the launcher', () => {
  install();
  const { stdout, status } = run(['infra/run.js', 'file.ts', '--api', 'URL']);
  expect(status).toBe(0);
  expect(stdout).toBe(`${path.join(clone, 'file.ts')},--api,URL\n`);
});

// Was: before npm ci, `npm run types`, `lint` and `format` said "tsc: not found". Now: each script is run by what says to run npm ci.
it('every script of package.json is run by a launcher', () => {
  const { scripts } = JSON.parse(readFileSync(path.join(PROJECT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const bare = Object.values(scripts)
    .flatMap((script) => script.split(' && '))
    .filter((one) => !/^node (--\S+ )*infra\/(run|local\/launch)\.js( |$)/.test(one));
  expect(bare).toEqual([]);
});
