import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import path from 'node:path';

/** Runs the deployment tool in a service's folder; its output is shown. @returns whether it succeeded */
export async function runServerless(
  project: string,
  folder: string,
  args: readonly string[],
): Promise<boolean> {
  const tool = createRequire(import.meta.url).resolve('serverless/bin/serverless.js');
  const child = spawn(process.execPath, [tool, ...args], {
    cwd: path.join(project, folder),
    stdio: 'inherit',
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code === 0;
}
