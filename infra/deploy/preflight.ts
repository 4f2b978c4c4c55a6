import type { DeployedStack } from '../stacks/describe-stack.ts';
import { orchestrateConcurrency, type ServicePlan } from './service-plan.ts';

/** What the account says before anything is sent to it; `denied` holds calls that were refused. */
export interface Found {
  readonly account: string;
  /** Who deploys. */
  readonly caller: string;
  readonly region: string;
  /** Instances of all functions of the account together, in this region; unknown if the call was refused. */
  readonly concurrency?: { readonly all: number; readonly unreserved: number };
  /** Status by the name of the stack; those that are not there are missing. */
  readonly stacks: ReadonlyMap<string, string>;
  /** The core's stack is there, and no deployment of it has ever been complete. */
  readonly isUnfinished?: boolean;
  /** The table and the bucket that the core's stack makes, if they are there already. */
  readonly table?: string;
  readonly bucket?: string;
  /** Whether the caller may do it, by action; nothing if nobody tells. */
  readonly allowed?: ReadonlyMap<string, boolean>;
  readonly denied: readonly string[];
}

/** The call that tells which stacks there are. */
export const STACKS = 'cloudformation:DescribeStacks';

/** AWS keeps so many for functions without a reserve: https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html */
const KEPT_UNRESERVED = 100;

/** What new accounts may have instead of 1000. */
const SMALL_ACCOUNT = 100;

/** What was found, and what the deployment will do, a line each. */
export function preflightLines(found: Found, plans: readonly ServicePlan[]): string[] {
  const { account, caller, region, denied } = found;
  return [
    `account ${account}, region ${region}, as ${caller}`,
    ...plans.map((plan) => stackLine(plan, found)),
    concurrencyLine(found, plans),
    permissionsLine(found),
    ...(denied.length > 0 ? [`not told: ${denied.join(', ')} (the call was refused)`] : []),
  ];
}

function stackLine({ folder, stackName, functions, plugins }: ServicePlan, { stacks }: Found) {
  const status = stacks.get(stackName);
  const verb = status === undefined ? 'makes' : 'updates';
  const of = plugins.length > 0 ? `plugins ${plugins.map(({ name }) => name).join(', ')}` : 'core';
  const state = status === undefined ? '' : ` (${status})`;
  return `${folder === '.' ? 'core' : folder}: ${verb} the stack ${stackName}${state}, ${functions} functions: ${of}`;
}

function concurrencyLine({ concurrency }: Found, plans: readonly ServicePlan[]): string {
  if (concurrency === undefined) return 'concurrency: the account does not tell its limit';
  const { all, unreserved } = concurrency;
  const plugins = plans.flatMap((plan) => plan.plugins);
  const ofPlugins = plugins.reduce((sum, plugin) => sum + plugin.concurrency, 0);
  const orchestrate = orchestrateConcurrency(plans);
  const wanted = orchestrate + ofPlugins;
  const line = `concurrency: the account runs ${all} instances at once in this region, ${unreserved} without a reserve; under load orchestrate takes ${orchestrate} and ${plugins.length} plugins ${ofPlugins}`;
  if (all < SMALL_ACCOUNT) {
    return `${line}. That is a small account's limit: orders wait for each other, and reserves are refused below ${KEPT_UNRESERVED} unreserved. Ask for more (docs/bottleneck.md)`;
  }
  if (wanted > unreserved) return `${line}: more than there is, so they wait for each other`;
  return line;
}

function permissionsLine({ allowed }: Found): string {
  if (allowed === undefined) {
    return 'permissions: not known before the deployment (that takes iam:SimulatePrincipalPolicy); docs/deployer-policy.json is what it needs';
  }
  const missing = [...allowed].filter(([, may]) => !may).map(([action]) => action);
  if (missing.length === 0)
    return `permissions: ${allowed.size} of ${allowed.size} that were asked for`;
  return `permissions: missing ${missing.join(', ')}; docs/deployer-policy.json has them`;
}

/** What the preflight knows of the core that is to be deployed. */
export interface CoreToDeploy
  extends Pick<ServicePlan, 'stackName' | 'adoptsTable' | 'adoptsBucket'> {
  /** The profile with which it is deployed. */
  readonly profile?: string;
}

/** Why the deployment would fail in any case; nothing if it may begin. */
export function reasonAgainstDeployment(found: Found, core: CoreToDeploy): string | undefined {
  const { stacks, allowed } = found;
  const missing = [...(allowed ?? [])].filter(([, may]) => !may).map(([action]) => action);
  if (missing.length > 0)
    return `the caller may not ${missing.join(', ')} (docs/deployer-policy.json)`;
  const busy = [...stacks].find(([, status]) => status.endsWith('_IN_PROGRESS'));
  if (busy !== undefined && busy[1] !== 'REVIEW_IN_PROGRESS') {
    return `the stack ${busy[0]} is being changed by somebody else (${busy[1]}): wait until that has ended`;
  }
  return reasonAgainstLeftovers(found, core);
}

/**
 * True if no deployment of the core's stack has ever been complete. The tool makes a stack with nothing but its own bucket first, and that is
 * what a roll-back of the first deployment leads back to. A stack that failed without being rolled back still owns what it made.
 */
export function isUnfinished({ status, outputs }: DeployedStack): boolean {
  return !outputs.has('HttpApiId') && !status.endsWith('_FAILED');
}

/** What outlives its stack (DeletionPolicy: Retain) is in the way of the next that would make it. */
function reasonAgainstLeftovers(found: Found, core: CoreToDeploy): string | undefined {
  const { stackName } = core;
  const isThere = found.denied.includes(STACKS) || found.stacks.has(stackName);
  if (isThere && found.isUnfinished !== true) return undefined;
  const table = core.adoptsTable ? undefined : found.table;
  const bucket = core.adoptsBucket ? undefined : found.bucket;
  const left = [
    ...(table === undefined ? [] : [`the table ${table}`]),
    ...(bucket === undefined ? [] : [`the bucket ${bucket}`]),
  ];
  if (left.length === 0) return undefined;
  const [verb, object] = left.length === 1 ? ['is', 'it'] : ['are', 'them'];
  const origin = isThere
    ? `and the stack ${stackName} does not own ${object}: its first deployment was rolled back and left ${object}, and each further one would fail with "already exists"`
    : `without the stack ${stackName}: data of an earlier life`;
  return [
    `${left.join(' and ')} ${verb} there already, ${origin}.`,
    ...waysOut(found.region, core.profile, table, bucket),
    'More: docs/deploy.md#data-that-stays',
  ].join('\n');
}

/** The commands for whoever wants to keep what is there, and for whoever does not. */
function waysOut(
  region: string,
  profile: string | undefined,
  table: string | undefined,
  bucket: string | undefined,
): string[] {
  const where = `--region ${region}${profile === undefined ? '' : ` --profile ${profile}`}`;
  const ofTable = `--table-name ${table} ${where}`;
  return [
    'To keep what is in it, deploy with',
    `  ${[
      ...(table === undefined ? [] : [`--param existing-table=${table}`]),
      ...(bucket === undefined ? [] : [`--param existing-bucket=${bucket}`]),
    ].join(' ')}`,
    'To begin without it, delete it for good, and deploy again:',
    ...(table === undefined
      ? []
      : [
          `  aws dynamodb update-table --no-deletion-protection-enabled ${ofTable}`,
          `  aws dynamodb wait table-exists ${ofTable}`,
          `  aws dynamodb delete-table ${ofTable}`,
          `  aws dynamodb wait table-not-exists ${ofTable}`,
        ]),
    ...(bucket === undefined ? [] : [`  aws s3 rb s3://${bucket} --force ${where}`]),
  ];
}
