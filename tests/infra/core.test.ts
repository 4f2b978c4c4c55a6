import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { isThrowAway } from '../../infra/core/throw-away.ts';
import { LONGEST_WINDOW_SECONDS } from '../../infra/core-resources/optional-parts.ts';
import {
  ALL_PARTS,
  countByType,
  exportsOf,
  PROJECT,
  packageService,
  resourcesOfType,
  serverless,
  type Template,
} from './package-service.ts';

const FUNCTIONS = {
  ingest: 29,
  answer: 29,
  orders: 29,
  operations: 29,
  operate: 60,
  workflows: 10,
  plugins: 10,
  clients: 10,
  schedules: 10,
  status: 10,
  openapi: 10,
  console: 10,
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
}, 480_000);

const propertiesOf = (id: string) => core.Resources[id]?.Properties;

it('the stack has these resources and no others', () => {
  expect(countByType(core)).toEqual({
    'AWS::ApiGatewayV2::Api': 1,
    'AWS::ApiGatewayV2::Authorizer': 1,
    'AWS::ApiGatewayV2::Integration': 10,
    'AWS::ApiGatewayV2::Route': 53,
    'AWS::ApiGatewayV2::Stage': 1,
    'AWS::CloudWatch::Alarm': 11,
    'AWS::CloudWatch::Dashboard': 1,
    'AWS::DynamoDB::Table': 1,
    'AWS::Events::Rule': 2,
    'AWS::IAM::Role': 20,
    // Of the functions that run every minute.
    'AWS::Lambda::EventInvokeConfig': 2,
    'AWS::Lambda::EventSourceMapping': 2,
    'AWS::Lambda::Function': 20,
    // One for each function with routes, one for the authorizer, one for each topic and schedule.
    'AWS::Lambda::Permission': 16,
    // One a function and the API's.
    'AWS::Logs::LogGroup': 21,
    'AWS::S3::Bucket': 2,
    'AWS::S3::BucketPolicy': 2,
    'AWS::SNS::Subscription': 3,
    'AWS::SNS::Topic': 4,
    'AWS::SQS::Queue': 4,
    'AWS::SSM::Parameter': 11,
  });
});

describe('functions', () => {
  it('run on ARM with Node 24, with the timeouts that the queues assume', () => {
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

  it('learn where they are from references, not from names', () => {
    expect(propertiesOf('OrchestrateLambdaFunction').Environment.Variables).toMatchObject({
      BATON_SYSTEM: 'baton',
      BATON_STAGE: 'test',
      BATON_TABLE_NAME: { Ref: 'Table' },
      BATON_ORCHESTRATOR_QUEUE_URL: { Ref: 'OrchestratorQueue' },
      BATON_TASKS_TOPIC_ARN: { Ref: 'TasksTopic' },
      BATON_LIFECYCLE_TOPIC_ARN: { Ref: 'LifecycleTopic' },
      BATON_LIFECYCLE: 'all',
      BATON_BUCKET_NAME: { Ref: 'Bucket' },
      BATON_SUBSCRIPTION_SETTLES_SECONDS: '900',
      BATON_RETENTION_DAYS: '30',
      BATON_MAX_INPUT_BYTES: '2621440',
    });
  });

  it('keep their logs for a limited time', () => {
    for (const { Properties } of Object.values(resourcesOfType(core, 'AWS::Logs::LogGroup'))) {
      expect(Properties.RetentionInDays).toBe(14);
    }
  });

  it('write no lines of Lambda itself, and what they write themselves stays', () => {
    for (const { Properties } of Object.values(resourcesOfType(core, 'AWS::Lambda::Function'))) {
      expect(Properties.LoggingConfig).toEqual({ LogFormat: 'JSON', SystemLogLevel: 'WARN' });
    }
  });

  // Was: invocations that Lambda had no instance for ran hours later, several at once, and sweeps took each other for dead.
  // Now: what is a minute old is dropped, since the schedule has brought the next.
  it('that a schedule runs are neither retried nor run late', () => {
    const rules = Object.values(resourcesOfType(core, 'AWS::Events::Rule')).filter(
      ({ Properties }) => Properties.ScheduleExpression !== undefined,
    );
    const scheduled = rules.flatMap(({ Properties }) =>
      Properties.Targets.map(
        (target: { Arn: { 'Fn::GetAtt': [string] } }) => target.Arn['Fn::GetAtt'][0],
      ),
    );
    const configured = Object.values(resourcesOfType(core, 'AWS::Lambda::EventInvokeConfig')).map(
      ({ Properties }) => Properties,
    );
    expect(scheduled).toHaveLength(2);
    expect(configured).toEqual(
      expect.arrayContaining(
        scheduled.map((id) =>
          expect.objectContaining({
            FunctionName: { Ref: id },
            MaximumRetryAttempts: 0,
            MaximumEventAgeInSeconds: 60,
          }),
        ),
      ),
    );
  });

  it('that an order passes more than once are not stopped as a loop', () => {
    const allowed = Object.values(resourcesOfType(core, 'AWS::Lambda::Function'))
      .filter(({ Properties }) => Properties.RecursiveLoop === 'Allow')
      .map(({ Properties }) => Properties.FunctionName);
    expect(allowed.sort()).toEqual([
      'baton-test-bury',
      'baton-test-operate',
      'baton-test-orchestrate',
    ]);
  });
});

describe('the API', () => {
  /** The path of a task holds a token that the function itself verifies; the console's page and script are the same for everybody. */
  const CALLBACKS = ['complete', 'fail', 'heartbeat'].map((act) => `POST /tasks/{token}/${act}`);
  const OPEN = ['GET /tasks/{token}', ...CALLBACKS, 'GET /console', 'GET /console/{file+}'];

  it('has these routes, and each of them asks the authorizer, save those that need none', () => {
    const routes = Object.values(resourcesOfType(core, 'AWS::ApiGatewayV2::Route'));
    expect(routes.map(({ Properties }) => Properties.RouteKey).sort()).toEqual([
      '$default',
      'DELETE /clients/{clientId}/tokens/{prefix}',
      'DELETE /dead-letters/{id}',
      'DELETE /schedules/{name}',
      'GET /clients/{clientId}',
      'GET /clients/{clientId}/tokens',
      'GET /console',
      'GET /console/{file+}',
      'GET /counts',
      'GET /dead-letters',
      'GET /dead-letters/{id}',
      'GET /history',
      'GET /me',
      'GET /openapi.json',
      'GET /operations',
      'GET /operations/{operationId}',
      'GET /orders',
      'GET /orders/{orderId}',
      'GET /plugins',
      'GET /plugins/{name}/history',
      'GET /schedules',
      'GET /schedules/{name}',
      'GET /status',
      'GET /tasks/{token}',
      'GET /workflows',
      'GET /workflows/{name}',
      'GET /workflows/{name}/versions',
      'GET /workflows/{name}/versions/{version}',
      'POST /clients/{clientId}/tokens',
      'POST /dead-letters/{id}/redrive',
      'POST /events',
      'POST /operations',
      'POST /operations/{operationId}/stop',
      'POST /orders',
      'POST /orders/{orderId}/cancel',
      'POST /orders/{orderId}/events',
      'POST /orders/{orderId}/pause',
      'POST /orders/{orderId}/resume',
      'POST /orders/{orderId}/retry',
      'POST /orders/{orderId}/skip',
      'POST /orders/{orderId}/tasks/{job}/cancel',
      'POST /plugins/{name}/drain',
      'POST /plugins/{name}/quarantine',
      'POST /plugins/{name}/reopen',
      'POST /schedules/{name}/pause',
      'POST /schedules/{name}/resume',
      ...CALLBACKS,
      'POST /workflows/{name}/plan',
      'PUT /clients/{clientId}',
      'PUT /schedules/{name}',
      'PUT /workflows/{name}',
    ]);
    for (const { Properties } of routes) {
      if (OPEN.includes(Properties.RouteKey)) {
        expect(Properties).not.toHaveProperty('AuthorizerId');
        continue;
      }
      expect(Properties).toMatchObject({
        AuthorizationType: 'CUSTOM',
        AuthorizerId: { Ref: 'HttpApiAuthorizerToken' },
      });
    }
  });

  // Was: the route that takes all else asked the authorizer, and a browser's preflight, which carries no token, got 401.
  // Now: a route of its own, without authorizer, where browsers may call.
  it('takes preflights without a token where cors-origins is given, and nothing else besides', async () => {
    const withParts = await packageService(PROJECT, ALL_PARTS);
    const routesOf = (template: Template) =>
      new Map(
        Object.values(resourcesOfType(template, 'AWS::ApiGatewayV2::Route')).map(
          ({ Properties }) => [Properties.RouteKey, Properties],
        ),
      );
    const routes = routesOf(withParts);
    const preflight = routes.get('OPTIONS /{proxy+}');
    expect(preflight).not.toHaveProperty('AuthorizerId');
    expect(preflight.Target).toEqual(routes.get('$default').Target);
    expect(routes.size).toBe(routesOf(core).size + 1);
    expect(withParts.Resources.HttpApi?.Properties.CorsConfiguration).toMatchObject({
      AllowOrigins: ['https://app.example.com'],
      AllowHeaders: expect.arrayContaining(['Authorization']),
    });
  }, 480_000);

  it('logs the route of a call and not its path, which may hold a token', () => {
    const [stage] = Object.values(resourcesOfType(core, 'AWS::ApiGatewayV2::Stage'));
    const { Format } = stage?.Properties.AccessLogSettings ?? {};
    expect(Format).toContain('$context.routeKey');
    expect(Format).not.toMatch(/\$context\.(path|http\.path|requestOverride)/);
  });

  it('logs who called, and what went wrong where', () => {
    const [stage] = Object.values(resourcesOfType(core, 'AWS::ApiGatewayV2::Stage'));
    const log = JSON.parse(stage?.Properties.AccessLogSettings.Format);
    expect(log).toMatchObject({
      client: '$context.authorizer.client',
      operator: '$context.authorizer.name',
      status: '$context.status',
      error: '$context.error.message',
      authorizerError: '$context.authorizer.error',
      integrationError: '$context.integrationErrorMessage',
    });
  });

  // Was: /aws/http-api/…, and an account whose stages come and go came to refuse new ones: "Policy document length breaking Cloudwatch Logs
  // Constraints". Now: a name that CloudWatch Logs admits once for all groups.
  it('logs to a group of which the account keeps no note', () => {
    const { HttpApiLogGroup, HttpApiStage } = core.Resources;
    expect(HttpApiLogGroup?.Properties).toMatchObject({
      LogGroupName: '/aws/vendedlogs/http-api/baton-test',
    });
    expect(HttpApiStage?.Properties.AccessLogSettings.DestinationArn).toEqual({
      'Fn::GetAtt': ['HttpApiLogGroup', 'Arn'],
    });
  });

  it('takes so many calls a second and no more', () => {
    const [stage] = Object.values(resourcesOfType(core, 'AWS::ApiGatewayV2::Stage'));
    expect(stage?.Properties.DefaultRouteSettings).toMatchObject({
      ThrottlingRateLimit: 1000,
      ThrottlingBurstLimit: 2000,
    });
  });

  it('takes fewer calls that need no bearer token, and knows their routes before it limits them', () => {
    const [stage] = Object.values(resourcesOfType(core, 'AWS::ApiGatewayV2::Stage'));
    const routes = Object.entries(resourcesOfType(core, 'AWS::ApiGatewayV2::Route')).filter(
      ([, { Properties }]) => CALLBACKS.includes(Properties.RouteKey),
    );
    for (const [id, { Properties }] of routes) {
      expect(stage?.Properties.RouteSettings[Properties.RouteKey]).toMatchObject({
        ThrottlingRateLimit: 100,
        ThrottlingBurstLimit: 200,
      });
      expect(stage?.DependsOn).toContain(id);
    }
    expect(Object.keys(stage?.Properties.RouteSettings).sort()).toEqual(CALLBACKS);
    expect(routes).toHaveLength(CALLBACKS.length);
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
  it('of the orchestrator hide a message for six function timeouts and the longest batching window, and give up to the dead-letter queue', () => {
    const { VisibilityTimeout, RedrivePolicy } = propertiesOf('OrchestratorQueue');
    expect(VisibilityTimeout).toBe(6 * FUNCTIONS.orchestrate + LONGEST_WINDOW_SECONDS);
    expect(RedrivePolicy).toEqual({
      deadLetterTargetArn: { 'Fn::GetAtt': ['OrchestratorDeadLetterQueue', 'Arn'] },
      maxReceiveCount: 100,
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

  it('learn from the orchestrator which records failed', () => {
    const mappings = Object.values(resourcesOfType(core, 'AWS::Lambda::EventSourceMapping'));
    const ofQueue = (id: string) =>
      mappings.find(({ Properties }) => Properties.EventSourceArn['Fn::GetAtt'][0] === id);
    expect(ofQueue('OperationsQueue')?.Properties).toMatchObject({
      BatchSize: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    });
    expect(ofQueue('OrchestratorQueue')?.Properties).toMatchObject({
      BatchSize: 10,
      EventSourceArn: { 'Fn::GetAtt': ['OrchestratorQueue', 'Arn'] },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      // Was: a backlog took the account's whole concurrency. Now: a part of it.
      ScalingConfig: { MaximumConcurrency: 100 },
    });
  });

  it('of operations hide a message for six function timeouts, and give up to a dead-letter queue with an alarm', () => {
    const { VisibilityTimeout, RedrivePolicy } = propertiesOf('OperationsQueue');
    expect(VisibilityTimeout).toBe(6 * FUNCTIONS.operate);
    expect(RedrivePolicy.deadLetterTargetArn['Fn::GetAtt'][0]).toBe('OperationsDeadLetterQueue');
    expect(JSON.stringify(propertiesOf('OperationsDeadLetterAlarm').Dimensions)).toContain(
      'OperationsDeadLetterQueue',
    );
  });

  it('of dead letters have an alarm', () => {
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

// Was: the sweep published that it had set an order aside, and nobody was told.
// Now: an alarm watches the metric.
it('an order that is set aside rings an alarm', () => {
  expect(propertiesOf('OrdersSetAsideAlarm')).toMatchObject({
    Namespace: 'Baton',
    MetricName: 'OrdersSetAside',
    Dimensions: [{ Name: 'System', Value: 'baton-test' }],
    AlarmActions: [{ Ref: 'AlarmsTopic' }],
  });
});

it('orders that are stuck ring an alarm', () => {
  expect(propertiesOf('OrdersStuckAlarm')).toMatchObject({
    ...{ Namespace: 'Baton', MetricName: 'OrdersStuck', Threshold: 1, Statistic: 'Maximum' },
    Dimensions: [{ Name: 'System', Value: 'baton-test' }],
    AlarmActions: [{ Ref: 'AlarmsTopic' }],
  });
});

// Was: sweep, observe, the API, throttles and a queue that stands still were watched by nobody. Now: an alarm each, with a page.
describe('what holds the orders up is watched', () => {
  const OF_SYSTEM = [{ Name: 'System', Value: 'baton-test' }];
  const ofFunction = (name: string) => [
    { Name: 'FunctionName', Value: { Ref: `${name}LambdaFunction` } },
  ];

  it.each([
    ['SweepAlarm', 'Sweep', 5],
    ['ObserveAlarm', 'Observe', 10],
  ])('%s rings when it fails each time, and when it does not run at all', (id, name, minutes) => {
    expect(propertiesOf(id)).toMatchObject({
      ...{ Namespace: 'AWS/Lambda', MetricName: 'Errors', Dimensions: ofFunction(name) },
      ...{
        Statistic: 'Average',
        Threshold: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      },
      ...{ Period: 60, EvaluationPeriods: minutes, TreatMissingData: 'breaching' },
    });
  });

  it.each([
    ['ApiAlarm', 'AWS/ApiGateway', '5xx', [{ Name: 'ApiId', Value: { Ref: 'HttpApi' } }]],
    ['ThrottlesAlarm', 'AWS/Lambda', 'Throttles', ofFunction('Orchestrate')],
    // Was: a message that failed each time rang no alarm: the age of the oldest leaves it out after three. Now: its failures are counted.
    ['OrchestratorFailingAlarm', 'Baton', 'RecordsFailing', OF_SYSTEM],
  ])(
    '%s rings when it happens in three of five minutes, and is silent without data',
    (id, ...metric) => {
      const [Namespace, MetricName, Dimensions] = metric;
      expect(propertiesOf(id)).toMatchObject({
        ...{ Namespace, MetricName, Dimensions, Statistic: 'Sum', Threshold: 1 },
        ...{ EvaluationPeriods: 5, DatapointsToAlarm: 3, TreatMissingData: 'notBreaching' },
      });
    },
  );

  it('OrchestratorAgeAlarm rings for a message that is older than its work can be', () => {
    const { Threshold, MetricName } = propertiesOf('OrchestratorAgeAlarm');
    expect(MetricName).toBe('ApproximateAgeOfOldestMessage');
    expect(Threshold).toBeGreaterThan(FUNCTIONS.orchestrate);
  });

  it('every alarm tells the topic, is on the dashboard, and has its paragraph for whom it wakes', async () => {
    const page = await readFile(path.join(PROJECT, 'docs/bottleneck.md'), 'utf8');
    for (const [id, { Properties }] of Object.entries(
      resourcesOfType(core, 'AWS::CloudWatch::Alarm'),
    )) {
      expect(Properties.AlarmActions).toEqual([{ Ref: 'AlarmsTopic' }]);
      expect(propertiesOf('Dashboard').DashboardBody['Fn::Sub']).toContain(`\${${id}.Arn}`);
      const name = Properties.AlarmName.replace(/^baton-test/, '');
      expect(page).toContain(`### \`…${name}\``);
    }
  });
});

it('topics that carry data of orders are encrypted', () => {
  const keys = Object.entries(resourcesOfType(core, 'AWS::SNS::Topic')).map(
    ([id, { Properties }]) => [id, Properties.KmsMasterKeyId],
  );
  expect(Object.fromEntries(keys)).toEqual({
    TasksTopic: 'alias/aws/sns',
    LifecycleTopic: 'alias/aws/sns',
    RegistrationsTopic: 'alias/aws/sns',
    AlarmsTopic: undefined,
  });
});

// Was: a core that was removed and made again looked the same to its plugins, whose subscriptions and keys had gone with it.
// Now: its id and the name of the topic to which plugins subscribe are those of the stack's life.
it('a core that is made again has another id, and another topic for tasks', () => {
  const stackLife = { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] };
  expect(propertiesOf('CoreIdParameter').Value).toEqual({
    'Fn::Sub': [`\${Incarnation}.1`, { Incarnation: stackLife }],
  });
  expect(propertiesOf('TasksTopic').TopicName).toEqual({
    'Fn::Sub': [
      `baton-test-tasks-\${Life}`,
      { Life: { 'Fn::Select': [0, { 'Fn::Split': ['-', stackLife] }] } },
    ],
  });
});

// Was: the names of bucket and dashboard had no region, so that a second region's deployment failed. Now: both have it.
it('global names carry account and region', () => {
  expect(propertiesOf('Bucket')).toMatchObject({
    BucketNamePrefix: 'baton-test-objects',
    BucketNamespace: 'account-regional',
  });
  expect(propertiesOf('Bucket')).not.toHaveProperty('BucketName');
  expect(propertiesOf('Dashboard').DashboardName).toEqual({
    'Fn::Sub': `baton-test-\${AWS::Region}`,
  });
});

it('the bucket is private, encrypted, and open to encrypted connections only', () => {
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
  expect(propertiesOf('Bucket').LifecycleConfiguration.Rules).toContainEqual({
    ...{ Id: 'files-of-orders', Status: 'Enabled', Prefix: 'orders/', ExpirationInDays: 400 },
  });
  expect(propertiesOf('BucketPolicy').PolicyDocument.Statement[0]).toMatchObject({
    Effect: 'Deny',
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  });
});

it('the table is encrypted, expires items, and costs nothing while idle', () => {
  expect(propertiesOf('Table')).toMatchObject({
    TableName: 'baton-test',
    BillingMode: 'PAY_PER_REQUEST',
    TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    SSESpecification: { SSEEnabled: true },
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false },
    DeletionProtectionEnabled: false,
  });
});

it('plugin stacks find their parameters under the name of the system', () => {
  const parameters = Object.values(resourcesOfType(core, 'AWS::SSM::Parameter'));
  expect(parameters.map(({ Properties }) => Properties.Name).sort()).toEqual(
    [
      'alarms-topic-arn',
      'api-url',
      'bucket-arn',
      'bucket-name',
      'bury-function-arn',
      'core-id',
      'lifecycle-topic-arn',
      'orchestrator-queue-arn',
      'orchestrator-queue-url',
      'registrations-topic-arn',
      'tasks-topic-arn',
    ].map((name) => `/baton/baton/test/${name}`),
  );
});

it('a second system in the account shares no export name with the first', () => {
  // Was: osls exported outputs as sls-<service>-<stage>-…, the same for every system-name.
  // Now: the exports carry the stack's name.
  expect(exportsOf(core)).toEqual([
    'baton-test-deployment-bucket',
    'baton-test-api-id',
    'baton-test-api-url',
  ]);
});

describe('the dashboard', () => {
  const body = (): string => propertiesOf('Dashboard').DashboardBody['Fn::Sub'];

  it('is valid JSON, with a graph for every gauge', () => {
    const filled = body()
      .replaceAll('${!', '${')
      .replaceAll(/\$\{(AWS::Region|\w+\.\w+)\}/g, 'x');
    const { widgets } = JSON.parse(filled) as { widgets: { properties: { metrics?: unknown } }[] };
    const text = JSON.stringify(widgets);
    const searched = [...text.matchAll(/MetricName=\W+(\w+)/g)].map(([, metric]) => metric);
    expect([...new Set(searched)].sort()).toEqual([
      ...['ActiveOrders', 'ApproximateNumberOfMessagesVisible', 'InAlarm', 'Instances'],
      ...['MaximumConcurrency', 'OldestTaskSeconds', 'TasksFailed', 'TasksInFlight'],
      ...['TasksParked', 'TasksQueued'],
    ]);
    for (const gauge of ['OrdersStuck', 'PluginsQuarantined', 'TasksParked', 'TasksRemaining']) {
      expect(text).toContain(`"${gauge}"`);
    }
  });

  it('calls the figures as the console does', async () => {
    const counters = await readFile(
      path.join(PROJECT, 'src/console/overview/counters.tsx'),
      'utf8',
    );
    const names = [...counters.matchAll(/name="([^"]+)"/g)].map(([, name = '']) => name);
    expect(names).toHaveLength(7);
    const text = body().toLowerCase();
    // How many are paused is estimated for whoever asks, and is no metric.
    const measured = names.filter((name) => name !== 'Paused orders');
    // A graph about tasks need not say so of each line.
    for (const name of measured) expect(text).toContain(name.toLowerCase().replace(/^tasks /, ''));
  });

  it('has its graphs side by side, none over another', () => {
    const places = [...body().matchAll(/"x": (\d+), "y": (\d+), "width": (\d+), "height": 6/g)];
    const cells = places.flatMap(([, x, y, width]) =>
      Array.from({ length: Number(width) }, (_, at) => `${Number(x) + at} ${y}`),
    );
    expect(places).toHaveLength(14);
    expect(new Set(cells).size).toBe(5 * 24);
    expect(cells).toHaveLength(5 * 24);
  });

  it('names no plugin, so that later ones are on it, and shows only its own system', () => {
    const searches = [...body().matchAll(/SEARCH\('\{Baton,System,\w+\} ([^']*)'/g)];
    expect(searches.length).toBeGreaterThan(6);
    for (const [, terms] of searches) expect(terms).toContain('System=\\"baton-test\\"');
  });
});

// Was: only the stage called prod was safe. Now: every stage is, save those whose names or parameters say that their data may go.
it.each<[stage: string, said: string | undefined, keeps: boolean]>([
  ['prod', undefined, true],
  ['production', undefined, true],
  ['prod-eu', undefined, true],
  ['pr', undefined, true],
  ['pr-7', undefined, false],
  ['dev', undefined, false],
  ['developers', undefined, true],
  ['live', 'true', false],
  ['dev', 'false', true],
])(
  'stage %s, of which the parameter throw-away says %s: its data is kept: %s',
  (stage, said, keeps) => {
    expect(isThrowAway(stage, said)).toBe(!keeps);
  },
);

/** Each takes seconds: what all other stages come to, the table above says. */
describe.each([
  ['production', [], true],
  ['live', ['throw-away=true'], false],
])('stage %s with %j', (stage, params, keeps) => {
  it(`${keeps ? 'keeps its data even if the stack is removed' : 'is thrown away'}`, async () => {
    const given = params.flatMap((param) => ['--param', param]);
    const printed = await serverless(
      PROJECT,
      'print',
      '--stage',
      stage,
      '--format',
      'json',
      ...given,
    );
    const { resources, provider } = JSON.parse(printed);
    const { Table, Bucket } = resources.Resources;
    const policy = keeps ? 'Retain' : 'Delete';
    expect(Table).toMatchObject({
      DeletionPolicy: policy,
      UpdateReplacePolicy: policy,
      Properties: {
        DeletionProtectionEnabled: keeps,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: keeps },
      },
    });
    expect(Bucket).toMatchObject({ DeletionPolicy: policy, UpdateReplacePolicy: policy });
    expect(provider.logRetentionInDays).toBe(keeps ? 90 : 14);
  }, 120_000);
});

it('a throw-away that is neither true nor false is refused', async () => {
  await expect(serverless(PROJECT, 'print', '--param', 'throw-away=yes')).rejects.toThrow(
    'throw-away is true or false, not "yes": data goes with its stack in the stages dev, test, local and pr-*, or with --param throw-away=true',
  );
}, 120_000);

it('a number of days that is none is refused', async () => {
  await expect(serverless(PROJECT, 'print', '--param', 'retention-days=a-month')).rejects.toThrow(
    'retention-days must be a number: "a-month"',
  );
}, 120_000);
