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
  /** The table that the core's stack would make, if it is there already. */
  readonly table?: string;
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

/**
 * Why the deployment would fail in any case; nothing if it may begin.
 * @param core what is to be deployed; `adoptsTable` if it is to use a table that is there
 */
export function reasonAgainstDeployment(
  { stacks, allowed, table, denied }: Found,
  core: Pick<ServicePlan, 'stackName' | 'adoptsTable'>,
): string | undefined {
  const missing = [...(allowed ?? [])].filter(([, may]) => !may).map(([action]) => action);
  if (missing.length > 0)
    return `the caller may not ${missing.join(', ')} (docs/deployer-policy.json)`;
  const busy = [...stacks].find(([, status]) => status.endsWith('_IN_PROGRESS'));
  if (busy !== undefined && busy[1] !== 'REVIEW_IN_PROGRESS') {
    return `the stack ${busy[0]} is being changed by somebody else (${busy[1]}): wait until that has ended`;
  }
  const isAlone = !denied.includes(STACKS) && !stacks.has(core.stackName);
  if (table !== undefined && isAlone && !core.adoptsTable) {
    return `the table ${table} is there already, without the stack ${core.stackName}: data of an earlier life. Deploy with --param existing-table=${table}, or delete it (docs/deploy.md#data-that-stays)`;
  }
  return undefined;
}
