/**
 * `npm run deploy -- --stage dev` deploys the core, then every service under plugins/, one after another. `npm run remove -- --stage dev`
 * removes them in reverse order. Other options are passed on to the deployment tool. Both end at the first service that fails.
 */
import { glob } from 'node:fs/promises';
import path from 'node:path';
import { defined } from '../src/core/defined.ts';
import { terminalAsk } from './core-resources/ask.ts';
import { CoreError } from './core-resources/core-service.ts';
import { confirmRemoval } from './core-resources/guard-removal.ts';
import { askAccount } from './deploy/ask-account.ts';
import { type CommandLine, readCommandLine } from './deploy/command-line.ts';
import { DeploymentError } from './deploy/deployment-error.ts';
import { missingCredentials } from './deploy/missing-credentials.ts';
import { preflightLines, reasonAgainstDeployment } from './deploy/preflight.ts';
import { runInOrder } from './deploy/run-in-order.ts';
import { PROJECT, runServerless } from './deploy/run-serverless.ts';
import { readPlan } from './deploy/service-plan.ts';

try {
  const commandLine = readCommandLine(process.argv.slice(2));
  const { system, stage, toConfirm } = commandLine;
  if (toConfirm) await confirmRemoval(`${system}-${stage}`, terminalAsk());
  const missing = await missingCredentials(commandLine.profile);
  if (missing !== undefined) throw new DeploymentError(missing);
  const plugins: string[] = [];
  for await (const file of glob('plugins/*/serverless.yml', { cwd: PROJECT })) {
    plugins.push(path.dirname(file));
  }
  if (commandLine.command === 'deploy') await lookAhead(commandLine, plugins.sort());
  await runInOrder(commandLine, plugins, runServerless, (line) => console.log(line));
} catch (error) {
  if (!(error instanceof DeploymentError || error instanceof CoreError)) throw error;
  console.error(`baton: ${error.message}`);
  process.exitCode = 1;
}

/** Says before anything is built where the deployment goes and what it will do. @throws {DeploymentError} if it would fail in any case */
async function lookAhead(
  { system, stage, region, profile }: CommandLine,
  plugins: readonly string[],
): Promise<void> {
  const prefix = `${system}-${stage}`;
  const plans = await Promise.all(
    ['.', ...plugins].map((folder) => readPlan(PROJECT, folder, prefix)),
  );
  const config = {
    region: region ?? process.env.AWS_REGION ?? 'us-east-1',
    ...defined({ profile }),
  };
  const found = await askAccount(
    config,
    prefix,
    plans.map(({ stackName }) => stackName),
  ).catch((error: Error) => {
    throw new DeploymentError(`AWS does not say who calls: ${error.message}`);
  });
  for (const line of preflightLines(found, plans)) console.log(line);
  const reason = reasonAgainstDeployment(found);
  if (reason !== undefined) throw new DeploymentError(reason);
}
