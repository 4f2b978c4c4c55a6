import path from 'node:path';
import { defined } from '../../src/core/defined.ts';
import { reasonAgainstParameters } from '../core/parameters.ts';
import { terminalAsk } from '../core-resources/ask.ts';
import { CoreError } from '../core-resources/core-service.ts';
import { confirmRemoval } from '../core-resources/guard-removal.ts';
import { askAccount } from './ask-account.ts';
import { type CommandLine, readCommandLine } from './command-line.ts';
import { DeploymentError } from './deployment-error.ts';
import { missingCredentials } from './missing-credentials.ts';
import { preflightLines, reasonAgainstDeployment } from './preflight.ts';
import { runInOrder } from './run-in-order.ts';
import { runServerless } from './run-serverless.ts';
import { readPlan } from './service-plan.ts';

export interface Services {
  /** The folder of the core. */
  readonly project: string;
  /** The folders of plugin services, from there. */
  readonly plugins: readonly string[];
}

/** Deploys or removes the core and the plugins, and says on one line what went wrong. @returns the exit code */
export async function runServices(args: readonly string[], services: Services): Promise<number> {
  try {
    const commandLine = readCommandLine(args);
    const { system, stage, toConfirm, parameters } = commandLine;
    const { project, plugins } = services;
    const unknown = await reasonAgainstParameters(
      parameters,
      ['.', ...plugins].map((folder) => path.join(project, folder)),
    );
    if (unknown !== undefined) throw new DeploymentError(`--param: ${unknown}`);
    if (toConfirm) await confirmRemoval(`${system}-${stage}`, terminalAsk());
    const missing = await missingCredentials(commandLine.profile);
    if (missing !== undefined) throw new DeploymentError(missing);
    if (commandLine.command === 'deploy') await lookAhead(commandLine, services);
    await runInOrder(
      commandLine,
      plugins,
      (folder, given) => runServerless(project, folder, given),
      (line) => console.log(line),
    );
    return 0;
  } catch (error) {
    if (!(error instanceof DeploymentError || error instanceof CoreError)) throw error;
    console.error(`baton: ${error.message}`);
    return 1;
  }
}

/** Says before anything is built where the deployment goes and what it will do. @throws {DeploymentError} if it would fail in any case */
async function lookAhead(
  { system, stage, region, profile, options }: CommandLine,
  { project, plugins }: Services,
): Promise<void> {
  const prefix = `${system}-${stage}`;
  const plans = await Promise.all(
    ['.', ...[...plugins].sort()].map((folder) => readPlan(project, folder, prefix, stage)),
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
  const [core] = plans;
  const isGiven = (parameter: string) =>
    options.some((option) => new RegExp(`^(--param=)?${parameter}=.`).test(option));
  const reason = reasonAgainstDeployment(found, {
    stackName: prefix,
    adoptsTable: core?.adoptsTable === true || isGiven('existing-table'),
    adoptsBucket: core?.adoptsBucket === true || isGiven('existing-bucket'),
    ...defined({ profile }),
  });
  if (reason !== undefined) throw new DeploymentError(reason);
}
