/**
 * `npm run deploy -- --stage dev` deploys the core, then every service under plugins/, one after another. `npm run remove -- --stage dev`
 * removes them in reverse order. Other options are passed on to the deployment tool. Both end at the first service that fails.
 */
import { glob } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runServices } from './deploy/run-services.ts';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));

const plugins: string[] = [];
for await (const file of glob('plugins/*/serverless.yml', { cwd: PROJECT })) {
  plugins.push(path.dirname(file));
}
process.exitCode = await runServices(process.argv.slice(2), { project: PROJECT, plugins });
