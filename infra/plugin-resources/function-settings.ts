import type { Block } from './block.ts';
import type { Service, ServiceFunction } from './plugin-service.ts';

type Provider = Service['provider'];

const NETWORK = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

/**
 * What Lambda asks of the role of a function with such settings, or refuses to make it. osls gives it to the role that it makes itself
 * (lib/plugins/aws/package/compile/functions.js, lib/merge-iam-templates.js), and a plugin's function has another.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
export function statementsForSettings(lambda: ServiceFunction, provider: Provider): object[] {
  const { fileSystemConfig } = lambda;
  const kmsKeyArn = lambda.kmsKeyArn || provider.kmsKeyArn;
  return [
    // None of these actions can be limited to a resource that is known before.
    ...(isInVpc(lambda, provider) ? [allow(NETWORK, '*')] : []),
    ...(lambda.tracing || provider.tracing?.lambda
      ? [allow(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], '*')]
      : []),
    ...(kmsKeyArn ? [allow(['kms:Decrypt'], kmsKeyArn)] : []),
    ...(fileSystemConfig
      ? [
          allow(
            ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite'],
            fileSystemConfig.arn,
          ),
        ]
      : []),
  ];
}

const allow = (Action: readonly string[], Resource: unknown) => ({
  ...{ Effect: 'Allow', Action, Resource },
});

/** As osls sees it: what the function leaves out is the provider's, and `false` and `null` leave it out of the provider's network. */
function isInVpc({ vpc = {} }: ServiceFunction, provider: Provider): boolean {
  if (vpc === null || vpc === false) return false;
  const { subnetIds, securityGroupIds } = { ...provider.vpc, ...vpc };
  return subnetIds !== undefined && securityGroupIds !== undefined;
}

/**
 * Lambda takes as many batches from a queue as the mapping says, and throttles what the function's reserve has no instance for: each time, the
 * message has been received once more.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
export function reasonAgainstReserve(
  { reservedConcurrency: reserve }: ServiceFunction,
  { concurrency: { ceiling }, maxReceiveCount }: Pick<Block, 'concurrency' | 'maxReceiveCount'>,
): string | undefined {
  const isKnown = typeof reserve === 'number' || typeof reserve === 'string';
  if (!isKnown || Number(reserve) >= ceiling) return undefined;
  return `reservedConcurrency: ${reserve} instances are fewer than baton.concurrency, ${ceiling}: its queue would be throttled, and a task that was throttled ${maxReceiveCount} times fails`;
}

/**
 * What an author says of the role that the tool makes for functions that have none. Each plugin has one of its own, so it would mean nothing, and
 * the function would find out when it is denied what it needs. In a service that has other functions, too, it is theirs.
 */
export function reasonAgainstProviderRole({ functions, provider }: Service): string | undefined {
  const all = Object.values(functions);
  if (all.length === 0 || all.some(({ baton }) => baton === undefined)) return undefined;
  const { role = {} } = provider.iam ?? {};
  const settings = typeof role === 'string' ? {} : role;
  const isReference =
    typeof role === 'string' || Object.keys(role).some((key) => REFERENCE.test(key));
  const said = {
    'provider.iam.role': isReference ? [role] : [],
    'provider.iam.role.statements': settings.statements,
    'provider.iam.role.managedPolicies': settings.managedPolicies,
    'provider.role': provider.role === undefined ? [] : [provider.role],
    'provider.iamRoleStatements': provider.iamRoleStatements,
    'provider.iamManagedPolicies': provider.iamManagedPolicies,
  };
  const field = Object.entries(said).find(([, list = []]) => list.length > 0)?.[0];
  return (
    field &&
    `${field}: reaches no function, as each plugin gets a role of its own; list what it needs in baton.statements`
  );
}

const REFERENCE = /^(Ref|Fn::\w+)$/;
