import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from '@jest/globals';

const LAUNCH = fileURLToPath(new URL('../../infra/local/launch.js', import.meta.url));

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'baton-launch-'));
  cpSync(LAUNCH, join(project, 'infra/local/launch.js'));
  writeFileSync(join(project, 'package.json'), '{"type":"module"}');
  writeFileSync(
    join(project, 'infra/local/supervisor.js'),
    'console.log(JSON.stringify([process.pid, process.argv.slice(2), process.env]))',
  );
});
afterEach(() => rmSync(project, { recursive: true }));

function install(...packages: string[]): void {
  for (const name of packages) {
    mkdirSync(join(project, 'node_modules', name), { recursive: true });
    writeFileSync(join(project, 'node_modules', name, 'package.json'), '{"exports":{}}');
  }
}

/** Runs launch.js; `before` runs in the same process first. */
function launch({ before = '', environment = {}, flags = [] as string[] } = {}) {
  const preload = join(project, 'preload.cjs');
  writeFileSync(preload, before);
  return spawnSync(
    process.execPath,
    ['--require', preload, join(project, 'infra/local/launch.js'), ...flags],
    { encoding: 'utf8', env: { PATH: process.env.PATH, ...environment } },
  );
}

const ALL = ['serverless', 'serverless-offline', 'dynalite', 'fauxqs', 'esbuild'];
const MUSL = `process.report.getReport = () => ({ header: {} });`;
const OLD = `Object.defineProperty(process, 'versions', { value: { node: '20.19.0' } });`;

// Was: after npm ci --omit=dev one message led to the next, and back.
// Now: the packages are looked for first.
it('names the packages that are missing, and how they were left out', () => {
  install('serverless', 'serverless-offline');
  const { status, stderr } = launch({ environment: { NODE_ENV: 'production' } });
  expect(status).toBe(1);
  expect(stderr).toBe(
    'baton: packages are missing that the local stack needs: run "npm ci", without --omit=dev and without NODE_ENV=production.\n',
  );
});

it('says how to install where the libc is musl', () => {
  const { status, stderr } = launch({ before: MUSL });
  expect(status).toBe(1);
  expect(stderr).toContain('run "npm ci --ignore-scripts", without --omit=dev.');
});

it('names the Node that it needs', () => {
  install(...ALL);
  expect(launch({ before: OLD }).stderr).toMatch(
    /^baton: .* 22\.18 or newer .* run "npm ci" first\.\n$/,
  );
  expect(launch({ before: OLD + MUSL }).stderr).toMatch(/^baton: .* has no build for musl .*\.\n$/);
});

it('begins again without what Node was told by the environment, as the same process', () => {
  install(...ALL);
  const environment = { NODE_OPTIONS: '--no-deprecation', NODE_USE_ENV_PROXY: '1', MINE: 'kept' };
  const { stdout, pid } = launch({ environment, flags: ['--port', '0'] });
  const [startedPid, flags, seen] = JSON.parse(stdout);
  expect(startedPid).toBe(pid);
  expect(flags).toEqual(['--port', '0']);
  expect(seen).toMatchObject({ MINE: 'kept' });
  expect(Object.keys(seen).filter((name) => name.startsWith('NODE_'))).toEqual([]);
});
