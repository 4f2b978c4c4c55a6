/**
 * `npm run deploy -- --stage dev` deploys the core, then every service under plugins/, one after another. `npm run remove -- --stage dev`
 * removes them in reverse order. Other options are passed on to the deployment tool. Both end at the first service that fails.
 */
import { glob } from 'node:fs/promises';
import path from 'node:path';
import { readCommandLine } from './deploy/command-line.ts';
import { DeploymentError } from './deploy/deployment-error.ts';
import { missingCredentials } from './deploy/missing-credentials.ts';
import { runInOrder } from './deploy/run-in-order.ts';
import { PROJECT, runServerless } from './deploy/run-serverless.ts';

try {
  const commandLine = readCommandLine(process.argv.slice(2));
  const missing = await missingCredentials(commandLine.profile);
  if (missing !== undefined) throw new DeploymentError(missing);
  const plugins: string[] = [];
  for await (const file of glob('plugins/*/serverless.yml', { cwd: PROJECT })) {
    plugins.push(path.dirname(file));
  }
  await runInOrder(commandLine, plugins, runServerless, (line) => console.log(line));
} catch (error) {
  if (!(error instanceof DeploymentError)) throw error;
  console.error(`baton: ${error.message}`);
  process.exitCode = 1;
}
