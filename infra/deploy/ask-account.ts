import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type ContextEntry, IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { HeadBucketCommand, S3Client, type S3ServiceException } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { defined } from '../../src/core/defined.ts';
import { type AwsConfig, type DeployedStack, describeStack } from '../stacks/describe-stack.ts';
import { type Found, isUnfinished, STACKS } from './preflight.ts';

/** Calls that each kind of resource needs, with what they would be made on. */
const WRITES: readonly (readonly [action: string, arn: string])[] = [
  ['cloudformation:CreateStack', 'arn:PARTITION:cloudformation:REGION:ACCOUNT:stack/PREFIX/*'],
  ['iam:CreateRole', 'arn:PARTITION:iam::ACCOUNT:role/PREFIX-x'],
  ['iam:PassRole', 'arn:PARTITION:iam::ACCOUNT:role/PREFIX-x'],
  ['lambda:CreateFunction', 'arn:PARTITION:lambda:REGION:ACCOUNT:function:PREFIX-x'],
  ['sqs:CreateQueue', 'arn:PARTITION:sqs:REGION:ACCOUNT:PREFIX-x'],
  ['sns:CreateTopic', 'arn:PARTITION:sns:REGION:ACCOUNT:PREFIX-x'],
  ['sns:Publish', 'arn:PARTITION:sns:REGION:ACCOUNT:PREFIX-registrations'],
  ['dynamodb:CreateTable', 'arn:PARTITION:dynamodb:REGION:ACCOUNT:table/PREFIX'],
  ['s3:CreateBucket', 'arn:PARTITION:s3:::PREFIX-x'],
  ['ssm:PutParameter', 'arn:PARTITION:ssm:REGION:ACCOUNT:parameter/baton/x'],
  ['events:PutRule', 'arn:PARTITION:events:REGION:ACCOUNT:rule/PREFIX-x'],
  ['cloudwatch:PutMetricAlarm', 'arn:PARTITION:cloudwatch:REGION:ACCOUNT:alarm:PREFIX-x'],
];

/** Asks the account, without changing anything. @throws if it does not even say who the caller is */
export async function askAccount(
  config: AwsConfig,
  prefix: string,
  stackNames: readonly string[],
): Promise<Found> {
  const sts = new STSClient(config);
  const { Account = '', Arn = '' } = await sts
    .send(new GetCallerIdentityCommand({}))
    .finally(() => sts.destroy());
  const denied: string[] = [];
  const unlessDenied = <Value>(call: string, value: Promise<Value>): Promise<Value | undefined> =>
    value.catch(() => {
      denied.push(call);
      return undefined;
    });
  const [concurrency, stacks, table, bucket, allowed] = await Promise.all([
    unlessDenied('lambda:GetAccountSettings', concurrencyOf(config)),
    unlessDenied(STACKS, stacksOf(config, stackNames)),
    unlessDenied('dynamodb:DescribeTable', tableOf(config, prefix)),
    unlessDenied('s3:ListBucket', bucketOf(config, prefix, Account)),
    allowedTo(config, Arn, prefix, Account).catch(() => undefined),
  ]);
  const core = stacks?.get(prefix);
  return {
    ...{
      account: Account,
      caller: Arn,
      region: config.region,
      stacks: new Map([...(stacks ?? [])].map(([name, { status }]) => [name, status])),
      denied,
    },
    ...(core !== undefined && isUnfinished(core) ? { isUnfinished: true } : {}),
    ...defined({ concurrency, table, bucket, allowed }),
  };
}

async function concurrencyOf(config: AwsConfig) {
  const client = new LambdaClient(config);
  const { AccountLimit } = await client
    .send(new GetAccountSettingsCommand({}))
    .finally(() => client.destroy());
  return {
    all: Number(AccountLimit?.ConcurrentExecutions),
    unreserved: Number(AccountLimit?.UnreservedConcurrentExecutions),
  };
}

/** The table's name, if it is there. */
async function tableOf(config: AwsConfig, name: string): Promise<string | undefined> {
  const client = new DynamoDBClient(config);
  try {
    await client.send(new DescribeTableCommand({ TableName: name }));
    return name;
  } catch (error) {
    if ((error as Error).name === 'ResourceNotFoundException') return undefined;
    throw error;
  } finally {
    client.destroy();
  }
}

/** The bucket's name, if it is there: S3 puts account and region behind the prefix of infra/core/bucket.yml. */
async function bucketOf(
  config: AwsConfig,
  prefix: string,
  account: string,
): Promise<string | undefined> {
  const name = `${prefix}-objects-${account}-${config.region}-an`;
  const client = new S3Client(config);
  try {
    await client.send(new HeadBucketCommand({ Bucket: name }));
    return name;
  } catch (error) {
    // The answer to HEAD has no body, and so no code.
    if ((error as S3ServiceException).$metadata?.httpStatusCode === 404) return undefined;
    throw error;
  } finally {
    client.destroy();
  }
}

/** Those that are there, by their names. */
async function stacksOf(
  config: AwsConfig,
  names: readonly string[],
): Promise<ReadonlyMap<string, DeployedStack>> {
  const found = await Promise.all(
    names.map(async (name) => [name, await describeStack(config, name)] as const),
  );
  return new Map(found.flatMap(([name, stack]) => (stack ? [[name, stack] as const] : [])));
}

/** @throws if the caller may not ask, as most may not */
async function allowedTo(
  config: AwsConfig,
  caller: string,
  prefix: string,
  account: string,
): Promise<ReadonlyMap<string, boolean>> {
  const client = new IAMClient(config);
  const [, partition = 'aws'] = caller.split(':');
  // A session's policies are those of its role.
  const source = caller.replace(/:sts:(.*):assumed-role\/([^/]+)\/.*$/, ':iam:$1:role/$2');
  const filled = (arn: string) =>
    arn
      .replace('PARTITION', partition)
      .replace('REGION', config.region)
      .replace('ACCOUNT', account)
      .replace('PREFIX', prefix);
  try {
    const results = await Promise.all(
      WRITES.map(async ([action, arn]): Promise<readonly [string, boolean]> => {
        const { EvaluationResults = [] } = await client.send(
          new SimulatePrincipalPolicyCommand({
            PolicySourceArn: source,
            ActionNames: [action],
            ResourceArns: [filled(arn)],
            ContextEntries: PASSED_TO_LAMBDA,
          }),
        );
        return [action, EvaluationResults[0]?.EvalDecision === 'allowed'];
      }),
    );
    return new Map(results);
  } finally {
    client.destroy();
  }
}

const PASSED_TO_LAMBDA: ContextEntry[] = [
  {
    ContextKeyName: 'iam:PassedToService',
    ContextKeyType: 'string',
    ContextKeyValues: ['lambda.amazonaws.com'],
  },
];
