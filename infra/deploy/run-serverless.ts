import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const SERVERLESS = path.join(PROJECT, 'node_modules/serverless/bin/serverless.js');

/** Runs the deployment tool in a service's folder; its output is shown. @returns whether it succeeded */
export async function runServerless(folder: string, args: readonly string[]): Promise<boolean> {
  const child = spawn(process.execPath, [SERVERLESS, ...args], {
    cwd: path.join(PROJECT, folder),
    stdio: 'inherit',
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code === 0;
}
