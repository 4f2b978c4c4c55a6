import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';

const MODULE = path.resolve(import.meta.dirname, '../../infra/temporary-folder.ts');

let temp: string;
beforeAll(() => {
  temp = mkdtempSync(path.join(tmpdir(), 'temporary-'));
});
afterAll(() => rmSync(temp, { recursive: true, force: true }));

/** A process that makes a folder, says its name, and does what it is told. */
function startMaker(then: string) {
  const code = `import { makeTemporaryFolder } from ${JSON.stringify(MODULE)};
    console.log(makeTemporaryFolder('making')); ${then}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    env: { ...process.env, NODE_OPTIONS: '', TMPDIR: temp },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(child, 'exit');
  return { child, ended, folder: once(child.stdout, 'data').then(([line]) => String(line).trim()) };
}

it.each([
  ['ends', ''],
  ['fails', 'throw new Error("no");'],
])('a temporary folder goes when its process %s', async (_, then) => {
  const { folder, ended } = startMaker(then);
  expect(path.dirname(await folder)).toBe(temp);
  await ended;
  expect(existsSync(await folder)).toBe(false);
});

it('what a killed process left goes when the next one makes a folder; what is in use stays', async () => {
  const forEver = 'setInterval(() => {}, 60_000);';
  const [killed, working] = [startMaker(forEver), startMaker(forEver)];
  const [left, used] = [await killed.folder, await working.folder];
  killed.child.kill('SIGKILL');
  await killed.ended;
  expect(existsSync(left)).toBe(true);
  const other = path.join(temp, 'baton-making-of-somebody');
  mkdirSync(other);
  await startMaker('').ended;
  expect([left, used, other].map((one) => existsSync(one))).toEqual([false, true, true]);
  working.child.kill('SIGKILL');
  await working.ended;
});
