import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  ALL_PARTS,
  countByType,
  PROJECT,
  packageService,
  type Template,
} from './package-service.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
}

/** Actions for features that no template of this project uses. */
const UNUSED: Readonly<Record<string, RegExp>> = {
  'functions in a VPC, with file systems, layers, signed code, capacity of their own':
    /^(ec2|elasticfilesystem|s3files):|^lambda:(GetLayerVersion|PassCapacityProvider|GetCodeSigningConfig|(Put|Delete)FunctionCodeSigningConfig|PutFunctionScalingConfig|AssociateRuntimeAlias|PutRuntimeManagementConfig|PublishVersion)$/,
  'keys of our own': /^kms:|^logs:(Associate|Disassociate)KmsKey$/,
  'tables in several regions, imported, streamed, with resource policies; CloudFormation reads no items':
    /^kinesis:|^dynamodb:(AssociateTableReplica|CreateTableReplica|ImportTable|(En|Dis)ableKinesis\w+|UpdateKinesis\w+|(Put|Delete)ResourcePolicy|UpdateContributorInsights|BatchWriteItem|\w+Item|Query|Scan)$/,
  'imports of tables write a log, and read a bucket':
    /^logs:(CreateLogStream|DescribeLogStreams|PutLogEvents)$|^s3:GetObjectMetadata$/,
  'log groups that are protected, indexed, masked, guarded or delivered elsewhere':
    /^firehose:|^s3:REST\.|^logs:(Delete|Put)(DataProtectionPolicy|IndexPolicy)$|^logs:Put(BearerTokenAuthentication|LogGroupDeletionProtection)$/,
  'buckets with tables, replication, websites, inventories and the like':
    /^s3tables:|^s3:(Create|Delete|Update)Bucket(Metadata|Analytics|Cors|Encryption|Lifecycle|Metrics|Replication|Website)\w*$|^s3:Put(Accelerate|Analytics|IntelligentTiering|Inventory|Metrics|Replication)Configuration$|^s3:PutObject(Acl|LockConfiguration)$/,
  'roles with managed policies or boundaries':
    /^iam:(Attach|Detach)RolePolicy$|PermissionsBoundary$/,
  'data protection of topics': /^sns:PutDataProtectionPolicy$/,
  'service-linked roles, for tables that scale': /^iam:CreateServiceLinkedRole$/,
};

const CHANGE_SETS = ['Create', 'Describe', 'Execute', 'Delete'].map(
  (verb) => `cloudformation:${verb}ChangeSet`,
);

const ACCESS_LOG = [
  ...['logs:CreateLogDelivery', 'logs:UpdateLogDelivery', 'logs:DeleteLogDelivery'],
  ...['logs:GetLogDelivery', 'logs:ListLogDeliveries'],
  ...['logs:PutResourcePolicy', 'logs:DescribeResourcePolicies', 'logs:CreateLogGroup'],
  'logs:DescribeLogGroups',
];

let policy = '';
let handlers: Readonly<Record<string, readonly string[]>> = {};
const templates: Template[] = [];
beforeAll(async () => {
  policy = await readFile(path.join(PROJECT, 'docs/deployer-policy.json'), 'utf8');
  const file = path.join(PROJECT, 'tests/infra/handler-permissions.json');
  handlers = JSON.parse(await readFile(file, 'utf8')).types;
  for (const folder of ['.', 'plugins/imaging']) {
    templates.push(await packageService(path.join(PROJECT, folder)));
  }
  templates.push(await packageService(PROJECT, ALL_PARTS));
}, 480_000);

const allowed = () =>
  (JSON.parse(policy).Statement as Statement[]).flatMap(({ Action }) => [Action].flat());

/** Compares as IAM does: `*` is any text, and case does not matter. */
function covers(pattern: string, action: string): boolean {
  return new RegExp(`^${pattern.replaceAll('*', '.*')}$`, 'i').test(action);
}

const isUnused = (action: string) => Object.values(UNUSED).some((one) => one.test(action));

/** Counts a template's resources that cost money while idle. */
function countIdle(template: Template) {
  const counts = countByType(template);
  return {
    alarms: counts['AWS::CloudWatch::Alarm'] ?? 0,
    dashboards: counts['AWS::CloudWatch::Dashboard'] ?? 0,
    polled: counts['AWS::Lambda::EventSourceMapping'] ?? 0,
    rules: Object.values(template.Resources).filter(
      ({ Type, Properties }) => Type === 'AWS::Events::Rule' && Properties.ScheduleExpression,
    ).length,
  };
}

/** Plugins of the service imaging. */
const PLUGINS = 5;

it('docs/deploy.md counts the same idle resources as the templates', async () => {
  const [core, imaging] = templates.map(countIdle);
  expect(core).toEqual({ alarms: 11, dashboards: 1, polled: 2, rules: 2 });
  expect(imaging).toEqual({ alarms: 3 * PLUGINS, dashboards: 0, polled: 2 * PLUGINS, rules: 0 });
  const docs = await readFile(path.join(PROJECT, 'docs/deploy.md'), 'utf8');
  expect(docs).toContain('| alarms | 11 | 3 |');
  expect(docs).toContain('| polled queues | 2 | 2 |');
});

describe("the deployer's policy", () => {
  it('allows every action that CloudFormation needs for the types in the templates', () => {
    const types = [...new Set(templates.flatMap((one) => Object.keys(countByType(one))))];
    const missing = types
      .filter((type) => !type.startsWith('Custom::'))
      .flatMap((type) => {
        const needed = handlers[type];
        if (needed === undefined) return [`${type}: add it to handler-permissions.json`];
        return needed
          .filter((action) => !isUnused(action))
          .filter((action) => !allowed().some((pattern) => covers(pattern, action)))
          .map((action) => `${type}: ${action}`);
      });
    expect(missing).toEqual([]);
  });

  // Was: a service of plugins whose serverless.yml does not say `deploymentMethod: direct` was denied its first call. Now: allowed.
  it('allows the change sets with which the tool deploys, unless it is told otherwise', () => {
    for (const action of CHANGE_SETS) {
      expect(allowed().some((pattern) => covers(pattern, action))).toBe(true);
    }
  });

  it('allows a registration: CloudFormation publishes it, and looks up the core', () => {
    for (const action of ['sns:Publish', 'ssm:GetParameters']) {
      expect(allowed().some((pattern) => covers(pattern, action))).toBe(true);
    }
  });

  // Was: the stage with an access log could be made, but neither changed nor deleted. Now: all that AWS's page asks for.
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html
  it('allows the access log of the API', () => {
    for (const action of ACCESS_LOG) expect(allowed()).toContain(action);
  });

  it("passes the system's roles to functions and pipes, and to nothing else", () => {
    const passing = (
      JSON.parse(policy).Statement as (Statement & { Resource: unknown; Condition: unknown })[]
    ).filter(({ Action }) => [Action].flat().includes('iam:PassRole'));
    expect(passing).toEqual([
      expect.objectContaining({
        Resource: 'arn:aws:iam::*:role/baton-*',
        Condition: {
          StringEquals: { 'iam:PassedToService': ['lambda.amazonaws.com', 'pipes.amazonaws.com'] },
        },
      }),
    ]);
  });

  // Was: on every topic of the system, so that a team could pass facts off as the orchestrator's. Now: where plugins register.
  it('reaches HTTP APIs only, of all that API Gateway has', () => {
    const reaching = (JSON.parse(policy).Statement as (Statement & { Resource: unknown })[]).filter(
      ({ Action }) => [Action].flat().some((one) => one.startsWith('apigateway:')),
    );
    expect(reaching.map(({ Resource }) => Resource)).toEqual([
      [
        'arn:aws:apigateway:*::/apis',
        'arn:aws:apigateway:*::/apis/*',
        'arn:aws:apigateway:*::/tags/*',
      ],
    ]);
  });

  it('publishes to the topic of registrations, and to no other', () => {
    const publishing = (
      JSON.parse(policy).Statement as (Statement & { Resource: unknown })[]
    ).filter(({ Action }) => [Action].flat().some((one) => covers(one, 'sns:Publish')));
    expect(publishing.map(({ Resource }) => Resource)).toEqual([
      'arn:aws:sns:*:*:baton-*-registrations',
    ]);
  });

  it('reads of the table only which plugins are registered', () => {
    const reading = (
      JSON.parse(policy).Statement as (Statement & { Condition?: unknown })[]
    ).filter(({ Action }) =>
      [Action].flat().some((one) => /^dynamodb:(Query|Scan|\w*Item)/.test(one)),
    );
    expect(reading).toMatchObject([
      {
        Action: 'dynamodb:Query',
        Condition: {
          'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['plugins'] },
          Null: { 'dynamodb:LeadingKeys': 'false' },
        },
      },
    ]);
  });

  it('fits into a managed policy: 6144 characters without white space', () => {
    expect(policy.replaceAll(/\s/g, '').length).toBeLessThanOrEqual(6144);
  });

  it('names single actions, and only those that CloudFormation or the tool needs', () => {
    const known = [
      ...Object.values(handlers).flat(),
      // The tool's own calls: for stacks, for the package in its bucket, and for the registration.
      ...['CreateStack', 'UpdateStack', 'DeleteStack', 'DescribeStacks', 'GetTemplate'].map(
        (call) => `cloudformation:${call}`,
      ),
      ...CHANGE_SETS,
      'cloudformation:ListStackResources',
      'cloudformation:ValidateTemplate',
      's3:PutObject',
      'sns:Publish',
      // The person who deploys makes the first token.
      'lambda:InvokeFunction',
      // The preflight asks how many instances the account has.
      'lambda:GetAccountSettings',
      ...ACCESS_LOG,
      // Of the tags that every resource of a stack gets: `tagging` of the pipe's schema.
      'pipes:ListTagsForResource',
      // A core is not removed while plugins are registered with it.
      'dynamodb:Query',
    ];
    const strange = allowed().filter(
      (pattern) => /^\w+:\*$/.test(pattern) || !known.some((action) => covers(pattern, action)),
    );
    expect(strange).toEqual([]);
  });
});
