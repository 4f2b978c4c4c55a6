/**
 * `npm run deploy -- --stage dev`: deploys the core, then every service under plugins/, one after another. `npm run remove --
 * --stage dev`: the other way round. Other options go to the deployment tool as they are. Ends at the first service that fails.
 */
import { glob } from 'node:fs/promises';
import path from 'node:path';
import { DeploymentError } from './deploy/deployment-error.ts';
import { missingCredentials } from './deploy/missing-credentials.ts';
import { PROJECT, runServerless } from './deploy/run-serverless.ts';
import { readTask, runInOrder } from './deploy/task.ts';

try {
  const task = readTask(process.argv.slice(2));
  const missing = await missingCredentials(task.profile);
  if (missing !== undefined) throw new DeploymentError(missing);
  const plugins: string[] = [];
  for await (const file of glob('plugins/*/serverless.yml', { cwd: PROJECT })) {
    plugins.push(path.dirname(file));
  }
  await runInOrder(task, plugins, runServerless, (line) => console.log(line));
} catch (error) {
  if (!(error instanceof DeploymentError)) throw error;
  console.error(`baton: ${error.message}`);
  process.exitCode = 1;
}
