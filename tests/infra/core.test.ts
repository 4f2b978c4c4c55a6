import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  countByType,
  exportsOf,
  PROJECT,
  packageService,
  permissionsOf,
  resourcesOfType,
  serverless,
  type Template,
} from './package-service.ts';

const FUNCTIONS = {
  ingest: 29,
  orders: 29,
  workflows: 10,
  plugins: 10,
  clients: 10,
  status: 10,
  openapi: 10,
  authorize: 10,
  tokens: 10,
  orchestrate: 30,
  register: 30,
  sweep: 50,
  bury: 30,
  rescale: 30,
  observe: 50,
};

let core: Template;
beforeAll(async () => {
  core = await packageService(PROJECT);
}, 60_000);

const idOf = (name: string) => `${name.charAt(0).toUpperCase()}${name.slice(1)}LambdaFunction`;
const propertiesOf = (id: string) => core.Resources[id]?.Properties;

it('the stack holds these resources and no others', () => {
  expect(countByType(core)).toEqual({
    'AWS::ApiGatewayV2::Api': 1,
    'AWS::ApiGatewayV2::Authorizer': 1,
    'AWS::ApiGatewayV2::Integration': 7,
    'AWS::ApiGatewayV2::Route': 18,
    'AWS::ApiGatewayV2::Stage': 1,
    'AWS::CloudWatch::Alarm': 1,
    'AWS::CloudWatch::Dashboard': 1,
    'AWS::DynamoDB::Table': 1,
    'AWS::Events::Rule': 2,
    'AWS::IAM::Role': 15,
    // What comes every minute is not repeated.
    'AWS::Lambda::EventInvokeConfig': 2,
    'AWS::Lambda::EventSourceMapping': 1,
    'AWS::Lambda::Function': 15,
    // One for each function with routes, one for the authorizer, one for each topic and schedule.
    'AWS::Lambda::Permission': 13,
    // One a function and the API's.
    'AWS::Logs::LogGroup': 16,
    'AWS::S3::Bucket': 2,
    'AWS::S3::BucketPolicy': 2,
    'AWS::SNS::Subscription': 3,
    'AWS::SNS::Topic': 4,
    'AWS::SQS::Queue': 2,
    'AWS::SSM::Parameter': 9,
  });
});

describe('functions', () => {
  it('run on ARM with Node 24 and the timeouts that their queues are built on', () => {
    const functions = Object.values(resourcesOfType(core, 'AWS::Lambda::Function'));
    expect(
      Object.fromEntries(
        functions.map(({ Properties }) => [Properties.FunctionName, Properties.Timeout]),
      ),
    ).toEqual(
      Object.fromEntries(
        Object.entries(FUNCTIONS).map(([name, timeout]) => [`baton-test-${name}`, timeout]),
      ),
    );
    for (const { Properties } of functions) {
      expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
    }
  });

  it('know where they are, in CloudFormation terms only', () => {
    expect(propertiesOf('OrchestrateLambdaFunction').Environment.Variables).toMatchObject({
      BATON_SYSTEM: 'baton',
      BATON_STAGE: 'test',
      BATON_TABLE_NAME: { Ref: 'Table' },
      BATON_ORCHESTRATOR_QUEUE_URL: { Ref: 'OrchestratorQueue' },
      BATON_TASKS_TOPIC_ARN: { Ref: 'TasksTopic' },
      BATON_LIFECYCLE_TOPIC_ARN: { Ref: 'LifecycleTopic' },
      BATON_BUCKET_NAME: { Ref: 'Bucket' },
      BATON_SUBSCRIPTION_SETTLES_SECONDS: '900',
      BATON_RETENTION_DAYS: '30',
      BATON_MAX_INPUT_BYTES: '131072',
    });
  });

  it('keep their logs for a limited time', () => {
    for (const { Properties } of Object.values(resourcesOfType(core, 'AWS::Logs::LogGroup'))) {
      expect(Properties.RetentionInDays).toBe(14);
    }
  });

  it('that an order passes more than once are not stopped as a loop', () => {
    const allowed = Object.values(resourcesOfType(core, 'AWS::Lambda::Function'))
      .filter(({ Properties }) => Properties.RecursiveLoop === 'Allow')
      .map(({ Properties }) => Properties.FunctionName);
    expect(allowed.sort()).toEqual(['baton-test-bury', 'baton-test-orchestrate']);
  });
});

describe('the API', () => {
  it('has these routes, and each of them asks the authorizer', () => {
    const routes = Object.values(resourcesOfType(core, 'AWS::ApiGatewayV2::Route'));
    expect(routes.map(({ Properties }) => Properties.RouteKey).sort()).toEqual([
      '$default',
      'DELETE /clients/{clientId}/tokens/{prefix}',
      'GET /clients/{clientId}',
      'GET /clients/{clientId}/tokens',
      'GET /openapi.json',
      'GET /orders',
      'GET /orders/{orderId}',
      'GET /plugins',
      'GET /status',
      'GET /workflows',
      'GET /workflows/{name}',
      'GET /workflows/{name}/versions/{version}',
      'POST /clients/{clientId}/tokens',
      'POST /events',
      'POST /orders',
      'POST /orders/{orderId}/cancel',
      'PUT /clients/{clientId}',
      'PUT /workflows/{name}',
    ]);
    for (const { Properties } of routes) {
      expect(Properties).toMatchObject({
        AuthorizationType: 'CUSTOM',
        AuthorizerId: { Ref: 'HttpApiAuthorizerToken' },
      });
    }
  });

  it('keeps what the authorizer says of a header for five minutes', () => {
    const { AuthorizerUri, ...authorizer } = propertiesOf('HttpApiAuthorizerToken');
    expect(authorizer).toMatchObject({
      AuthorizerType: 'REQUEST',
      AuthorizerPayloadFormatVersion: '2.0',
      EnableSimpleResponses: true,
      IdentitySource: ['$request.header.Authorization'],
      AuthorizerResultTtlInSeconds: 300,
    });
    expect(JSON.stringify(AuthorizerUri)).toContain('AuthorizeLambdaFunction');
  });
});

describe('queues', () => {
  it('the orchestrator queue hides a message for six function timeouts, and gives up to its dead-letter queue', () => {
    const { VisibilityTimeout, RedrivePolicy } = propertiesOf('OrchestratorQueue');
    expect(VisibilityTimeout).toBe(6 * FUNCTIONS.orchestrate);
    expect(RedrivePolicy).toEqual({
      deadLetterTargetArn: { 'Fn::GetAtt': ['OrchestratorDeadLetterQueue', 'Arn'] },
      maxReceiveCount: 10,
    });
  });

  it('are encrypted and keep messages as long as SQS can', () => {
    for (const { Properties } of Object.values(resourcesOfType(core, 'AWS::SQS::Queue'))) {
      expect(Properties).toMatchObject({
        SqsManagedSseEnabled: true,
        MessageRetentionPeriod: 1_209_600,
      });
    }
  });

  it('the orchestrator reports the records that failed', () => {
    const [mapping] = Object.values(resourcesOfType(core, 'AWS::Lambda::EventSourceMapping'));
    expect(mapping?.Properties).toMatchObject({
      BatchSize: 10,
      EventSourceArn: { 'Fn::GetAtt': ['OrchestratorQueue', 'Arn'] },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  it('the dead-letter queue has an alarm', () => {
    expect(propertiesOf('OrchestratorDeadLetterAlarm')).toMatchObject({
      Dimensions: [
        {
          Name: 'QueueName',
          Value: { 'Fn::GetAtt': ['OrchestratorDeadLetterQueue', 'QueueName'] },
        },
      ],
      AlarmActions: [{ Ref: 'AlarmsTopic' }],
    });
  });
});

it('topics that carry what is of orders are encrypted', () => {
  const keys = Object.values(resourcesOfType(core, 'AWS::SNS::Topic')).map(({ Properties }) => [
    Properties.TopicName,
    Properties.KmsMasterKeyId,
  ]);
  expect(Object.fromEntries(keys)).toEqual({
    'baton-test-tasks': 'alias/aws/sns',
    'baton-test-lifecycle': 'alias/aws/sns',
    'baton-test-registrations': 'alias/aws/sns',
    'baton-test-alarms': undefined,
  });
});

it('the bucket is private and encrypted, over encrypted connections only', () => {
  expect(propertiesOf('Bucket')).toMatchObject({
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        { ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
      ],
    },
  });
  expect(propertiesOf('BucketPolicy').PolicyDocument.Statement[0]).toMatchObject({
    Effect: 'Deny',
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  });
});

it('the table is encrypted, expires items and costs nothing while idle', () => {
  expect(propertiesOf('Table')).toMatchObject({
    TableName: 'baton-test',
    BillingMode: 'PAY_PER_REQUEST',
    TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    SSESpecification: { SSEEnabled: true },
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false },
    DeletionProtectionEnabled: false,
  });
});

it('plugin stacks find what they need under the name of the system', () => {
  const parameters = Object.values(resourcesOfType(core, 'AWS::SSM::Parameter'));
  expect(parameters.map(({ Properties }) => Properties.Name).sort()).toEqual(
    [
      'alarms-topic-arn',
      'bucket-arn',
      'bucket-name',
      'bury-function-arn',
      'lifecycle-topic-arn',
      'orchestrator-queue-arn',
      'orchestrator-queue-url',
      'registrations-topic-arn',
      'tasks-topic-arn',
    ].map((name) => `/baton/baton/test/${name}`),
  );
});

it('a second system in the account meets no name of the first', () => {
  // Was: osls exports outputs as sls-<service>-<stage>-…, the same for every system-name; now they carry the stack's name.
  expect(exportsOf(core)).toEqual([
    'baton-test-deployment-bucket',
    'baton-test-api-id',
    'baton-test-api-url',
  ]);
});

describe('roles', () => {
  const READ = ['GetItem', 'Query'].flatMap((action) => [
    `dynamodb:${action} <Table.Arn>/index/list`,
    `dynamodb:${action} Table.Arn`,
  ]);
  const WRITE = ['DeleteItem', 'PutItem', 'UpdateItem'].map(
    (action) => `dynamodb:${action} Table.Arn`,
  );
  const ENGINE = [
    ...READ,
    ...WRITE,
    'sns:Publish LifecycleTopic',
    'sns:Publish TasksTopic',
    'sqs:SendMessage OrchestratorQueue.Arn',
    'sqs:SendMessage queue baton-test-plugin-*',
  ];
  const consume = (queue: string) =>
    ['DeleteMessage', 'GetQueueAttributes', 'ReceiveMessage'].map(
      (action) => `sqs:${action} ${queue}`,
    );
  const LOOK = 'sqs:GetQueueAttributes queue baton-test-plugin-*';
  const MEASURE = ['cloudwatch:GetMetricData *', LOOK];
  const RESCALE = [
    ...READ,
    ...WRITE,
    ...MEASURE,
    'lambda:ListEventSourceMappings *',
    'lambda:UpdateEventSourceMapping mapping *',
    'sns:Publish LifecycleTopic',
  ];
  const EXPECTED: Record<keyof typeof FUNCTIONS, string[]> = {
    ingest: [
      ...READ,
      ...WRITE,
      's3:PutObject <Bucket.Arn>/*',
      'sqs:SendMessage OrchestratorQueue.Arn',
    ],
    orders: ENGINE,
    sweep: [...ENGINE, LOOK],
    orchestrate: [...ENGINE, ...consume('OrchestratorQueue.Arn')],
    bury: [...ENGINE, ...consume('queue baton-test-plugin-*-dead')],
    workflows: [...READ, ...WRITE],
    clients: [...READ, ...WRITE],
    register: [...READ, ...WRITE, LOOK],
    plugins: READ,
    status: [...READ, ...MEASURE],
    openapi: [],
    authorize: ['dynamodb:GetItem Table.Arn'],
    tokens: ['DeleteItem', 'PutItem', 'Query'].map((action) => `dynamodb:${action} Table.Arn`),
    rescale: RESCALE,
    observe: RESCALE,
  };

  it.each(Object.entries(EXPECTED))('%s may do this and write its log', (name, permissions) => {
    const log = `log /aws/lambda/baton-test-${name}:*`;
    expect(permissionsOf(core, idOf(name))).toEqual(
      [...permissions, `logs:CreateLogStream ${log}`, `logs:PutLogEvents ${log}`].sort(),
    );
  });

  it.each(['AuthorizeRole', 'TokensRole'])('%s sees the tokens and nothing else', (role) => {
    const statements: object[] = propertiesOf(role).Policies[0].PolicyDocument.Statement;
    const ofTable = statements.filter((one) => JSON.stringify(one).includes('dynamodb:'));
    expect(ofTable).toMatchObject([
      { Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['tokens'] } } },
    ]);
  });

  it.each(['RescaleRole', 'ObserveRole'])('%s moves mappings of this system only', (role) => {
    const statements: { Action: unknown; Condition?: unknown }[] =
      propertiesOf(role).Policies[0].PolicyDocument.Statement;
    const moving = statements.find(({ Action }) => Action === 'lambda:UpdateEventSourceMapping');
    expect(JSON.stringify(moving?.Condition)).toMatch(
      /"ArnLike":\{"lambda:FunctionArn":.*:function:baton-test-\*"/,
    );
  });

  it('allow every call that the adapters make', async () => {
    const allowed = new Set(
      Object.keys(FUNCTIONS)
        .flatMap((name) => permissionsOf(core, idOf(name)))
        .map((permission) => permission.split(' ')[0]),
    );
    const folder = path.join(PROJECT, 'src/aws');
    const files = (await readdir(folder)).filter((file) => file.endsWith('.ts'));
    const used = new Set<string>();
    for (const file of files) {
      const text = await readFile(path.join(folder, file), 'utf8');
      for (const [, call = ''] of text.matchAll(/new (\w+)Command\(/g)) used.add(actionOf(call));
    }
    expect([...used].filter((action) => !allowed.has(action))).toEqual([]);
  });
});

/** The IAM action of an SDK command; the document client's names are shorter. */
function actionOf(call: string): string {
  if (/^(Get|Put|Update|Delete|BatchGet|BatchWrite)$/.test(call)) return `dynamodb:${call}Item`;
  if (call.startsWith('SendMessage')) return 'sqs:SendMessage';
  if (call.startsWith('Publish')) return 'sns:Publish';
  if (call.endsWith('Object')) return `s3:${call}`;
  if (call.endsWith('EventSourceMapping') || call.endsWith('EventSourceMappings')) {
    return `lambda:${call}`;
  }
  if (call === 'GetMetricData') return `cloudwatch:${call}`;
  return /Queue|Message/.test(call) ? `sqs:${call}` : `dynamodb:${call}`;
}

describe('the dashboard', () => {
  const body = (): string => propertiesOf('Dashboard').DashboardBody['Fn::Sub'];

  it('is JSON once its references are filled in, with a graph for every gauge', () => {
    const filled = body()
      .replaceAll('${!', '${')
      .replaceAll(/\$\{(AWS::Region|\w+\.\w+)\}/g, 'x');
    const { widgets } = JSON.parse(filled) as { widgets: { properties: { metrics?: unknown } }[] };
    const text = JSON.stringify(widgets);
    const searched = [...text.matchAll(/MetricName=\W+(\w+)/g)].map(([, metric]) => metric);
    expect(searched).toEqual(
      expect.arrayContaining(['TasksQueued', 'OldestTaskSeconds', 'Instances', 'InAlarm']),
    );
    for (const gauge of ['TasksQueued', 'TasksInFlight', 'TasksRemaining']) {
      expect(text).toContain(`"${gauge}"`);
    }
  });

  it('names no plugin and shows its own system only: who joins later is on it', () => {
    const searches = [...body().matchAll(/SEARCH\('\{Baton,System,\w+\} ([^']*)'/g)];
    expect(searches.length).toBeGreaterThan(6);
    for (const [, terms] of searches) expect(terms).toContain('System=\\"baton-test\\"');
  });
});

it('stage prod keeps its data whatever happens to the stack', async () => {
  const printed = await serverless(PROJECT, 'print', '--stage', 'prod', '--format', 'json');
  const { Table, Bucket } = JSON.parse(printed).resources.Resources;
  expect(Table).toMatchObject({
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    },
  });
  expect(Bucket).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
}, 30_000);
