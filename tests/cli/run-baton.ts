import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { jest } from '@jest/globals';

// Tests run several commands, each a process of its own: on a busy machine they take longer than Jest's 5 seconds.
jest.setTimeout(60_000);

export const BATON = fileURLToPath(new URL('../../src/cli/baton.js', import.meta.url));

export interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `baton` as a process of its own. */
export async function runBaton(
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly stdin?: string } = {},
): Promise<Outcome> {
  const {
    NODE_OPTIONS: _,
    BATON_API: __,
    BATON_TOKEN: ___,
    FORCE_COLOR: ____,
    ...env
  } = process.env;
  const child = spawn(process.execPath, [BATON, ...args], { env: { ...env, ...options.env } });
  child.stdin.end(options.stdin ?? '');
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  return { exitCode, stdout, stderr };
}
