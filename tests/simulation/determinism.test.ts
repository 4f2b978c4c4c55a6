import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { play } from './play.ts';

const SEED = 20261125;

it('a seed plays the same world again, to the last call', async () => {
  const first = await play(SEED, 'hurricane');
  await play(SEED + 1, 'earthquake');
  const again = await play(SEED, 'hurricane');
  expect(again.hash).toBe(first.hash);
  expect((await play(SEED + 2, 'hurricane')).hash).not.toBe(first.hash);
});

it('in another process too, and whether or not somebody reads along', async () => {
  const { hash } = await play(SEED, 'hurricane');
  const command = fileURLToPath(new URL('./simulate.ts', import.meta.url));
  const args = [command, '--replay', String(SEED), '--weather', 'hurricane'];
  const env = { ...process.env, NODE_OPTIONS: '' };
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    env,
    maxBuffer: 2 ** 28,
  }).catch((error: { stdout: string }) => error);
  expect(stdout).toContain(`trace ${hash}`);
}, 120_000);
