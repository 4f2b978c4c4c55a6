import { describe, expect, it } from '@jest/globals';
import {
  addPluginResources,
  type Service,
  type System,
} from '../../infra/plugin-resources/index.ts';
import { DEFAULT_RULE } from '../../src/core/quarantine.ts';

const SYSTEM: System = { name: 'baton', stage: 'test' };

const VPC = { subnetIds: ['subnet-1'], securityGroupIds: ['sg-1'] };

/** A service with one function `resize`, whose block is the one given. */
function serviceWith(baton: unknown, lambda: object = {}, service: object = {}): Service {
  return {
    service: 'photos',
    provider: {},
    functions: { resize: { timeout: 30, baton, ...lambda } },
    ...service,
  };
}

function resourcesOf(service: Service, system = SYSTEM) {
  addPluginResources(service, system);
  return service.resources?.Resources ?? {};
}

function errorOf(service: Service, system = SYSTEM): string {
  try {
    addPluginResources(service, system);
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
}

describe('a function with a baton: block', () => {
  it('gets queue, dead-letter queue, policy, subscription, burial, role, registration and alarms, and nothing else', () => {
    const resources = resourcesOf(serviceWith({}));
    expect(Object.entries(resources).map(([id, { Type }]) => `${id} ${Type}`)).toEqual([
      'ResizeQueue AWS::SQS::Queue',
      'ResizeDeadLetterQueue AWS::SQS::Queue',
      'ResizeQueuePolicy AWS::SQS::QueuePolicy',
      'ResizeSubscription AWS::SNS::Subscription',
      'ResizeBurial AWS::Lambda::EventSourceMapping',
      'ResizeRole AWS::IAM::Role',
      'ResizeRegistration Custom::BatonPlugin',
      'ResizeDrain Custom::BatonDrain',
      'ResizeDeadLetterAlarm AWS::CloudWatch::Alarm',
      'ResizeDepthAlarm AWS::CloudWatch::Alarm',
      'ResizeAgeAlarm AWS::CloudWatch::Alarm',
    ]);
  });

  // Was: its role lacked them, so that Lambda refused to make the function, or to start it. Now: as the tool's own role has them.
  it.each<[string, object, object, string[]]>([
    ['in a network of its own', { vpc: VPC }, {}, ['ec2:CreateNetworkInterface *']],
    ["in the service's network", {}, { vpc: VPC }, ['ec2:CreateNetworkInterface *']],
    [
      'in a network of which it names a part',
      { vpc: { subnetIds: ['s'] } },
      { vpc: VPC },
      ['ec2:CreateNetworkInterface *'],
    ],
    ["outside the service's network", { vpc: false }, { vpc: VPC }, []],
    ['in no network, since it names no subnets', { vpc: { securityGroupIds: ['g'] } }, {}, []],
    ['that is traced', { tracing: 'Active' }, {}, ['xray:PutTraceSegments *']],
    ['whose service is traced', {}, { tracing: { lambda: true } }, ['xray:PutTraceSegments *']],
    ['with an environment under a key', { kmsKeyArn: 'key' }, {}, ['kms:Decrypt key']],
    [
      'with a file system',
      { fileSystemConfig: { arn: 'fs' } },
      {},
      ['elasticfilesystem:ClientMount fs'],
    ],
    ['with none of these', {}, {}, []],
  ])('%s has a role that may do what Lambda asks for that', (_, lambda, provider, expected) => {
    const { ResizeRole } = resourcesOf(serviceWith({}, lambda, { provider }));
    const [{ PolicyDocument }] = ResizeRole!.Properties.Policies as [
      { PolicyDocument: { Statement: { Action: string[] | string; Resource: unknown }[] } },
    ];
    const found = PolicyDocument.Statement.map(
      ({ Action, Resource }) => `${[Action].flat()[0]} ${Resource}`,
    ).filter((one) => !/^(logs|sqs|s3):/.test(one));
    expect(found).toEqual(expected);
  });

  it('has a queue that hides a task for six times the function timeout and gives it up after ten deliveries', () => {
    const { ResizeQueue, ResizeDeadLetterQueue } = resourcesOf(serviceWith({}));
    expect(ResizeQueue?.Properties).toEqual({
      QueueName: 'baton-test-plugin-resize',
      VisibilityTimeout: 180,
      MessageRetentionPeriod: 1_209_600,
      SqsManagedSseEnabled: true,
      RedrivePolicy: {
        deadLetterTargetArn: { 'Fn::GetAtt': ['ResizeDeadLetterQueue', 'Arn'] },
        maxReceiveCount: 10,
      },
    });
    expect(ResizeDeadLetterQueue?.Properties).toMatchObject({
      QueueName: 'baton-test-plugin-resize-dead',
      MessageRetentionPeriod: 1_209_600,
      SqsManagedSseEnabled: true,
    });
  });

  it.each([
    ['its own', { timeout: 20 }, {}, 120],
    ["the provider's", { timeout: undefined }, { provider: { timeout: 7 } }, 42],
    ['that of osls', { timeout: undefined }, {}, 36],
  ])('counts with %s timeout', (_, lambda, service, visibility) => {
    const { ResizeQueue } = resourcesOf(serviceWith({}, lambda, service));
    expect(ResizeQueue?.Properties.VisibilityTimeout).toBe(visibility);
  });

  // Was: six times the timeout, however short the attempt: a redelivered task came when its attempt was over. Now: in time.
  it.each([
    ['leaves an attempt time for a redelivered task', { timeoutSeconds: 100 }, 70],
    ['never ends before the function does', { timeoutSeconds: 45 }, 30],
    ['is no shorter than the timeout where the attempt is no longer', { timeoutSeconds: 30 }, 30],
    ['is in whole seconds', { timeoutSeconds: 99.5 }, 69],
    ['is six timeouts where the attempt leaves room', { timeoutSeconds: 210 }, 180],
    ['is longer by a batching window', { batchingWindowSeconds: 7 }, 187],
    [
      'leaves an attempt time for another batching window',
      { batchingWindowSeconds: 20, timeoutSeconds: 150 },
      100,
    ],
    [
      'never ends before a batching window and the function do',
      { batchingWindowSeconds: 20, timeoutSeconds: 60 },
      50,
    ],
  ])('has a queue whose visibility timeout %s', (_, block, visibility) => {
    const { ResizeQueue } = resourcesOf(serviceWith(block));
    expect(ResizeQueue?.Properties.VisibilityTimeout).toBe(visibility);
  });

  it.each([
    ['ten tasks', {}, 10],
    [
      'one task if it has heartbeats: none is to fall silent for another',
      { heartbeatSeconds: 3 },
      1,
    ],
    ['as many as its author says', { heartbeatSeconds: 3, batchSize: 4 }, 4],
  ])('takes at once %s', (_, block, batchSize) => {
    const service = serviceWith(block);
    addPluginResources(service, SYSTEM);
    expect(service.functions.resize?.events).toMatchObject([{ sqs: { batchSize } }]);
  });

  it('waits for others with its first task where it has a batching window, and its definition does not say so', () => {
    const eventOf = (block: object) => {
      const service = serviceWith(block);
      addPluginResources(service, SYSTEM);
      return service.functions.resize?.events?.[0];
    };
    expect(eventOf({ batchingWindowSeconds: 5 })).toMatchObject({
      sqs: { batchSize: 10, maximumBatchingWindow: 5 },
    });
    expect(eventOf({})).toMatchObject({ sqs: { maximumBatchingWindow: 0 } });
    expect(eventOf({ ordered: 'attributes.line' })).not.toHaveProperty('sqs.maximumBatchingWindow');
    const { ResizeRegistration } = resourcesOf(serviceWith({ batchingWindowSeconds: 5 }));
    expect(ResizeRegistration?.Properties.Definition).not.toContain('batching');
  });

  it('is invited over the tasks topic by its name, and only that topic may send to its queue', () => {
    const { ResizeSubscription, ResizeQueuePolicy } = resourcesOf(serviceWith({}));
    const topic = { Ref: 'CoreTasksTopicArn' };
    expect(ResizeSubscription?.Properties).toEqual({
      TopicArn: topic,
      Protocol: 'sqs',
      Endpoint: { 'Fn::GetAtt': ['ResizeQueue', 'Arn'] },
      RawMessageDelivery: true,
      FilterPolicy: { 'p.resize': ['1'] },
      FilterPolicyScope: 'MessageAttributes',
    });
    expect(ResizeQueuePolicy?.Properties.PolicyDocument).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'sns.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: { 'Fn::GetAtt': ['ResizeQueue', 'Arn'] },
          Condition: { ArnEquals: { 'aws:SourceArn': topic } },
        },
      ],
    });
  });

  it("has its dead letters buried by the core's function", () => {
    const { ResizeBurial } = resourcesOf(serviceWith({}));
    expect(ResizeBurial?.Properties).toEqual({
      EventSourceArn: { 'Fn::GetAtt': ['ResizeDeadLetterQueue', 'Arn'] },
      FunctionName: { Ref: 'CoreBuryFunctionArn' },
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    });
  });

  it('takes its tasks from its queue and knows its name, its key and where to answer', () => {
    const service = serviceWith(
      { concurrency: { base: 2, ceiling: 8 }, batchSize: 4 },
      { environment: { OWN: 'kept' }, events: [{ schedule: 'rate(1 day)' }] },
    );
    addPluginResources(service, SYSTEM);
    expect(service.functions.resize).toMatchObject({
      name: 'baton-test-photos-resize',
      role: 'ResizeRole',
      recursiveLoop: 'Allow',
      environment: {
        OWN: 'kept',
        BATON_PLUGIN: 'resize',
        BATON_CORE_ID: { Ref: 'CoreId' },
        BATON_PLUGIN_KEY: { 'Fn::GetAtt': ['ResizeRegistration', 'Key'] },
        BATON_ORCHESTRATOR_QUEUE_URL: { Ref: 'CoreOrchestratorQueueUrl' },
        BATON_QUEUE_URL: { Ref: 'ResizeQueue' },
        BATON_API_URL: { Ref: 'CoreApiUrl' },
        BATON_BUCKET_NAME: { Ref: 'CoreBucketName' },
      },
      events: [
        { schedule: 'rate(1 day)' },
        {
          sqs: {
            arn: { 'Fn::GetAtt': ['ResizeQueue', 'Arn'] },
            batchSize: 4,
            maximumConcurrency: 2,
            functionResponseType: 'ReportBatchItemFailures',
          },
        },
      ],
    });
  });

  it('tells a function whether its block says that it compensates', () => {
    for (const compensates of [true, false]) {
      const service = serviceWith({ compensates });
      addPluginResources(service, SYSTEM);
      const { BATON_COMPENSATES } = service.functions.resize?.environment ?? {};
      expect(BATON_COMPENSATES).toBe(compensates ? 'true' : undefined);
    }
  });

  it('registers with all defaults filled in, once it can be reached', () => {
    const { ResizeRegistration } = resourcesOf(serviceWith({}));
    const { Definition, ...properties } = ResizeRegistration!.Properties;
    expect(properties).toEqual({
      ServiceToken: { Ref: 'CoreRegistrationsTopicArn' },
      ServiceTimeout: 300,
      CoreId: { Ref: 'CoreId' },
      QueueUrl: { Ref: 'ResizeQueue' },
      QueueArn: { 'Fn::GetAtt': ['ResizeQueue', 'Arn'] },
    });
    expect(JSON.parse(String(Definition))).toEqual({
      name: 'resize',
      joins: [],
      history: false,
      compensates: false,
      timeoutSeconds: 3600,
      totalSeconds: 86_400,
      retry: { maxAttempts: 3, backoffSeconds: 2, maxBackoffSeconds: 300 },
      quarantine: DEFAULT_RULE,
      concurrency: { base: 10, ceiling: 10 },
      functionName: 'baton-test-photos-resize',
    });
    expect(ResizeRegistration?.DependsOn).toEqual([
      'ResizeQueuePolicy',
      'ResizeSubscription',
      'ResizeBurial',
    ]);
  });

  it('registers what its author says', () => {
    const { ScaleRegistration } = resourcesOf(
      serviceWith({
        plugin: 'scale',
        joins: [{ activity: 'make', stage: 'parallel', filter: { kind: ['photo'] } }],
        history: true,
        compensates: false,
        heartbeatSeconds: 60,
        retry: { maxAttempts: 5 },
        concurrency: 4,
        switchOffAfterIdle: '30m',
        batchSize: 1,
        maxReceiveCount: 7,
        statements: [{ Action: 's3:GetObject', Resource: '*' }],
      }),
    );
    expect(JSON.parse(String(ScaleRegistration?.Properties.Definition))).toEqual({
      name: 'scale',
      joins: [
        {
          activity: 'make',
          stage: 'parallel',
          order: 100,
          mandatory: true,
          filter: { kind: ['photo'] },
        },
      ],
      history: true,
      compensates: false,
      timeoutSeconds: 3600,
      heartbeatSeconds: 60,
      totalSeconds: 86_400,
      retry: { maxAttempts: 5, backoffSeconds: 2, maxBackoffSeconds: 300 },
      quarantine: DEFAULT_RULE,
      concurrency: { base: 4, ceiling: 4 },
      switchOffAfterIdleSeconds: 1800,
      functionName: 'baton-test-photos-scale',
    });
  });

  it('has an alarm on a task that waits that counts a batching window as time of work', () => {
    const ageOf = (block: object) =>
      resourcesOf(serviceWith({ timeoutSeconds: 100, ...block })).ResizeAgeAlarm?.Properties
        .Threshold;
    expect(ageOf({})).toBe(30 + 60);
    expect(ageOf({ batchingWindowSeconds: 20 })).toBe(20 + 30 + 60);
    expect(ageOf({ batchingWindowSeconds: 20, timeoutSeconds: 250 })).toBe(20 + 30 + 100);
  });

  it('has alarms on a backlog and on a task that waits, which tell the core when they ring and when they end', () => {
    const block = { concurrency: { base: 2, ceiling: 8 }, batchSize: 5, timeoutSeconds: 240 };
    const { ResizeDepthAlarm, ResizeAgeAlarm } = resourcesOf(serviceWith(block));
    const topic = { Ref: 'CoreAlarmsTopicArn' };
    const common = {
      Namespace: 'AWS/SQS',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': ['ResizeQueue', 'QueueName'] } }],
      TreatMissingData: 'notBreaching',
      AlarmActions: [topic],
      OKActions: [topic],
    };
    // Ten batches for each of the two instances to begin with.
    expect(ResizeDepthAlarm?.Properties).toMatchObject({
      ...common,
      AlarmName: 'baton-test-plugin-resize-depth',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Threshold: 100,
    });
    // The function's timeout, and half of what is left of an attempt's time.
    expect(ResizeAgeAlarm?.Properties).toMatchObject({
      ...common,
      AlarmName: 'baton-test-plugin-resize-age',
      MetricName: 'ApproximateAgeOfOldestMessage',
      Threshold: 135,
    });
    for (const alarm of [ResizeDepthAlarm, ResizeAgeAlarm]) {
      expect(String(alarm?.Properties.AlarmDescription).length).toBeLessThanOrEqual(1024);
      expect(alarm?.Properties.AlarmDescription).toContain('baton-test-photos-resize');
    }
  });

  // Was: the age of a task in work counts, too, and a plugin that works for six minutes was always a bottleneck.
  // Now: it rings only for a task that has waited longer than its work can take.
  it.each([
    ['works for long', { timeoutSeconds: 3600 }, 900, 1200],
    ['takes all of its attempt to work', { timeoutSeconds: 900 }, 900, 960],
    ['is quick and patient', { timeoutSeconds: 3600 }, 30, 330],
    ['is quick and impatient', { timeoutSeconds: 60 }, 30, 90],
  ])(
    'has an alarm on age that its own work does not set off: one that %s',
    (_, block, timeout, age) => {
      const { ResizeAgeAlarm } = resourcesOf(serviceWith(block, { timeout }));
      expect(ResizeAgeAlarm?.Properties.Threshold).toBe(age);
    },
  );

  it('has alarms that ring when its author says', () => {
    const block = { alarms: { depth: 7, ageSeconds: 20 } };
    const { ResizeDepthAlarm, ResizeAgeAlarm } = resourcesOf(serviceWith(block));
    expect(ResizeDepthAlarm?.Properties.Threshold).toBe(7);
    expect(ResizeAgeAlarm?.Properties.Threshold).toBe(20);
  });

  it('joins the system that is named', () => {
    const service = serviceWith({});
    const resources = resourcesOf(service, { name: 'other', stage: 'prod' });
    const { Parameters } = service.resources ?? {};
    const text = JSON.stringify([resources, Parameters, service.functions, service.provider]);
    expect(service.provider.stackName).toBe('other-prod-photos');
    expect(text).not.toContain('baton-test');
    expect(text).not.toContain('/baton/baton/');
    expect(text).toContain('/baton/other/prod/');
  });

  it('logs what it writes itself, and what Lambda has to say only when something is wrong, unless its author says otherwise', () => {
    const quiet = serviceWith({});
    addPluginResources(quiet, SYSTEM);
    expect(quiet.functions.resize?.logs).toEqual({ logFormat: 'JSON', systemLogLevel: 'WARN' });
    const logs = { logFormat: 'Text' };
    const own = serviceWith({}, { logs });
    addPluginResources(own, SYSTEM);
    expect(own.functions.resize?.logs).toEqual(logs);
    const ofAll = serviceWith({}, {}, { provider: { logs: { lambda: logs } } });
    addPluginResources(ofAll, SYSTEM);
    expect(ofAll.functions.resize?.logs).toEqual(logs);
  });

  // Was: the sample services kept their logs for 14 days in production, and services that said nothing for ever. Now: as the core.
  it.each([
    ['dev', {}, 14],
    ['prod', {}, 90],
    ['prod', { logRetentionInDays: 7 }, 7],
  ])('keeps its log in stage %s, with %j, for %s days', (stage, provider, days) => {
    const service = serviceWith({}, {}, { provider });
    addPluginResources(service, { name: 'baton', stage });
    expect(service.provider.logRetentionInDays).toBe(days);
  });

  it('leaves names that its author gave', () => {
    const named = { name: 'our-resize' };
    const service = serviceWith({}, named, { provider: { stackName: 'ours' } });
    addPluginResources(service, SYSTEM);
    expect(service.provider.stackName).toBe('ours');
    expect(service.functions.resize?.name).toBe('our-resize');
  });
});

it('a function without a block stays as it is, but for its name', () => {
  const service = serviceWith(undefined, { environment: { SIZE: '1' } });
  addPluginResources(service, SYSTEM);
  expect(service.functions).toEqual({
    resize: { timeout: 30, environment: { SIZE: '1' }, name: 'baton-test-photos-resize' },
  });
  expect(service.resources?.Resources).toEqual({});
});

// Was: without a block left, stack and functions had the tool's names: the old stack stayed, and the plugin registered for ever.
// Now: the service keeps its names, and its stack takes away what its last plugin had.
it('a service whose last block has gone keeps the names of its stack, its functions and its owner', () => {
  const namesOf = (baton: unknown) => {
    const service = serviceWith(
      baton,
      {},
      { functions: { resize: { timeout: 30, baton }, web: {} } },
    );
    addPluginResources(service, SYSTEM);
    const { stackName, stackTags, logRetentionInDays } = service.provider;
    return { stackName, stackTags, logRetentionInDays, web: service.functions.web?.name };
  };
  expect(namesOf({})).toMatchObject({
    stackName: 'baton-test-photos',
    web: 'baton-test-photos-web',
  });
  expect(namesOf(undefined)).toEqual(namesOf({}));
});

it('a function without a plugin finds the core where it refers to it, also in a service without any', () => {
  const environment = { API_URL: { Ref: 'CoreApiUrl' } };
  const service = serviceWith(undefined, { environment });
  addPluginResources(service, SYSTEM);
  expect(Object.keys(service.resources?.Parameters ?? {})).toEqual(['CoreApiUrl']);
});

it('resources that the service has itself stay', () => {
  const own = { Type: 'AWS::SNS::Topic', Properties: {} };
  const resources = resourcesOf(serviceWith({}, {}, { resources: { Resources: { Own: own } } }));
  expect(resources.Own).toEqual(own);
  expect(resources.ResizeQueue).toBeDefined();
});

describe('a block that cannot be built says where and why', () => {
  const at = 'service "photos", function "resize", ';
  it.each<[string, unknown, object, string]>([
    ['no object', [], {}, `${at}baton: must be an object`],
    ['an unknown key', { colour: 'red' }, {}, `${at}baton.colour: this key is not known here`],
    [
      'a stage that does not exist',
      { joins: [{ activity: 'make', stage: 'later' }] },
      {},
      `${at}baton.joins[0].stage: must be one of "pre", "parallel", "post"`,
    ],
    [
      'a missing activity',
      { joins: [{ stage: 'pre' }] },
      {},
      `${at}baton.joins[0].activity: is missing; it must be a string`,
    ],
    ['too large a batch', { batchSize: 11 }, {}, `${at}baton.batchSize: must be at most 10`],
    [
      'a batching window that Lambda does not take',
      { batchingWindowSeconds: 301 },
      {},
      `${at}baton.batchingWindowSeconds: must be at most 300`,
    ],
    [
      'a batching window of a FIFO queue',
      { batchingWindowSeconds: 1, ordered: 'attributes.line', batchSize: 5 },
      {},
      `${at}baton.batchingWindowSeconds: the FIFO queue of an ordered plugin takes none`,
    ],
    [
      'a batching window for single tasks',
      { batchingWindowSeconds: 1, heartbeatSeconds: 60 },
      {},
      `${at}baton.batchingWindowSeconds: means nothing with a batchSize of 1`,
    ],
    [
      'a batching window that leaves an attempt too little time',
      { batchingWindowSeconds: 31, timeoutSeconds: 60 },
      {},
      `${at}baton.batchingWindowSeconds: an attempt of 60 s ends before the function has had its 30 s after a window of 31 s`,
    ],
    [
      'a name that SQS does not take',
      { plugin: 'a b' },
      {},
      `${at}baton.plugin: a plugin name has 1 to 40 letters, digits, "-" or "_", and begins with a letter`,
    ],
    [
      "a name that means another's dead-letter queue",
      { plugin: 'scale-dead' },
      {},
      `${at}baton.plugin: a plugin name does not end in "-dead": its queue would be the dead-letter queue of another`,
    ],
    [
      'an attempt that is shorter than the function',
      { timeoutSeconds: 60 },
      { timeout: 90 },
      `${at}baton.timeoutSeconds: an attempt of 60 s ends before the function's timeout of 90 s`,
    ],
    [
      'an idle time that is no duration',
      { switchOffAfterIdle: 'soon' },
      {},
      `${at}baton.switchOffAfterIdle: a duration reads like 30s, 10m, 1h30m or 2d`,
    ],
    [
      'an idle time that is shorter than a look a minute can tell',
      { switchOffAfterIdle: '30s' },
      {},
      `${at}baton.switchOffAfterIdle: must be at least 60`,
    ],
    [
      'a name for its function that is not its to give',
      { functionName: 'other' },
      {},
      `${at}baton.functionName: this key is not known here`,
    ],
    [
      'a role of its own',
      {},
      { role: 'Mine' },
      `${at}role: the function gets a role of its own; list what it needs in baton.statements`,
    ],
    // Was: taken, and under load Lambda threw away what it had no instance for, until tasks were dead letters. Now: refused.
    [
      'a reserve that is smaller than its concurrency',
      { concurrency: { base: 5, ceiling: 20 } },
      { reservedConcurrency: 10 },
      `${at}reservedConcurrency: 10 instances are fewer than baton.concurrency, 20: its queue would be throttled, and a task that was throttled 10 times fails`,
    ],
    [
      'a function name that is too long',
      {},
      { name: `resize${'n'.repeat(59)}` },
      `${at}name: resize${'n'.repeat(59)} is over 64 letters`,
    ],
    [
      'a function name that outlives its plugin',
      {},
      { name: 'mine' },
      `${at}name: mine does not contain the plugin's name, resize: a renamed plugin needs a new function, or the tasks in its earlier queue time out`,
    ],
  ])('%s', (_, baton, lambda, message) => {
    expect(errorOf(serviceWith(baton, lambda))).toBe(message);
  });

  it.each([{ reservedConcurrency: 20 }, { reservedConcurrency: '20' }, {}])(
    'not a reserve that is large enough: %j',
    (lambda) => {
      const concurrency = { base: 5, ceiling: 20 };
      expect(errorOf(serviceWith({ concurrency }, lambda))).toBe('no error');
    },
  );

  // Was: left out without a word, and the function found out when AWS denied it what it needs. Now: said.
  it.each([
    ['iam.role.statements', { iam: { role: { statements: [{ Effect: 'Allow' }] } } }],
    ['iam.role.managedPolicies', { iam: { role: { managedPolicies: ['arn:aws:iam::aws:p'] } } }],
    ['iam.role', { iam: { role: 'arn:aws:iam::123456789012:role/mine' } }],
    ['iam.role', { iam: { role: { 'Fn::ImportValue': 'mine' } } }],
    ['role', { role: 'mine' }],
    ['iamRoleStatements', { iamRoleStatements: [{ Effect: 'Allow' }] }],
    ['iamManagedPolicies', { iamManagedPolicies: ['arn:aws:iam::aws:p'] }],
  ])('provider.%s, which no plugin gets', (field, provider) => {
    expect(errorOf(serviceWith({}, {}, { provider }))).toBe(
      `service "photos", provider.${field}: reaches no function, as each plugin gets a role of its own; list what it needs in baton.statements`,
    );
    const functions = { resize: { baton: {} }, other: {} };
    expect(errorOf(serviceWith({}, {}, { provider, functions }))).toBe('no error');
  });

  it('not what else the provider says of roles', () => {
    const provider = { iam: { role: { path: '/teams/', statements: [] } } };
    expect(errorOf(serviceWith({}, {}, { provider }))).toBe('no error');
  });

  it('all at once, and nothing is added', () => {
    const service = serviceWith({ batchSize: 0, history: 'yes' });
    expect(errorOf(service).split('\n')).toHaveLength(2);
    expect(service.resources).toBeUndefined();
  });

  it('two functions of one plugin', () => {
    const service = serviceWith(
      {},
      {},
      {
        functions: { one: { baton: { plugin: 'p' } }, two: { baton: { plugin: 'p' } } },
      },
    );
    expect(errorOf(service)).toBe(
      'service "photos", function "two", baton.plugin: "p" is already the plugin of function "one"',
    );
  });

  // Was: the two shared a logical id, and one queue quietly took the other's place. Now: refused.
  it('two plugins of which one is named like a part of the other', () => {
    const functions = { x: { baton: {} }, xDeadLetter: { baton: {} } };
    expect(errorOf(serviceWith({}, {}, { functions }))).toBe(
      'service "photos", function "xDeadLetter", baton.plugin: "xDeadLetter" is too much like the name of another plugin of the service: both have a resource XDeadLetterQueue',
    );
    const others = { x: { baton: {} }, 'x-dead-letter': { baton: {} } };
    expect(errorOf(serviceWith({}, {}, { functions: others }))).toBe('no error');
  });

  it.each([
    ['baton', 'Dev', 'service "photos": the stage "Dev": it has lower-case letters'],
    ['Not_Good!', 'dev', 'service "photos": the system name "Not_Good!": it begins with'],
    ['baton', 'x'.repeat(30), '24 at most'],
  ])('a system %s with a stage %s that AWS would refuse', (name, stage, message) => {
    expect(errorOf(serviceWith({}), { name, stage })).toContain(message);
  });

  it('a resource of the service that has the id of one of a plugin', () => {
    const service = serviceWith(
      {},
      {},
      {
        resources: { Resources: { ResizeQueue: { Type: 'AWS::SQS::Queue', Properties: {} } } },
      },
    );
    expect(errorOf(service)).toBe(
      'service "photos", resources: ResizeQueue would be replaced by those of its plugins; rename them',
    );
  });
});

describe('the values of the core', () => {
  const stored = (name: string) => ({
    Type: 'AWS::SSM::Parameter::Value<String>',
    Default: `/baton/baton/test/${name}`,
  });

  // Was: dynamic references. CloudFormation looks at them only when something else changes, and takes 60 in a template: 8 plugins.
  // Now: parameters, looked up at each deployment, as many plugins as there is room for resources.
  it('are parameters that CloudFormation looks up, however many plugins refer to them', () => {
    const functions = Object.fromEntries(
      Array.from({ length: 30 }, (_, index) => [`plugin${index}`, { baton: {} }]),
    );
    const service = serviceWith({}, {}, { functions });
    addPluginResources(service, SYSTEM);
    expect(service.resources?.Parameters).toEqual({
      CoreId: stored('core-id'),
      CoreOrchestratorQueueUrl: stored('orchestrator-queue-url'),
      CoreOrchestratorQueueArn: stored('orchestrator-queue-arn'),
      CoreTasksTopicArn: stored('tasks-topic-arn'),
      CoreRegistrationsTopicArn: stored('registrations-topic-arn'),
      CoreAlarmsTopicArn: stored('alarms-topic-arn'),
      CoreBuryFunctionArn: stored('bury-function-arn'),
      CoreApiUrl: stored('api-url'),
      CoreBucketName: stored('bucket-name'),
      CoreBucketArn: stored('bucket-arn'),
    });
    expect(JSON.stringify(service)).not.toContain('{{resolve:');
  });

  it.each([
    ['a reference', { Ref: 'CoreBucketName' }, 'CoreBucketName', 'bucket-name'],
    ['a part of a text', { 'Fn::Sub': `\${CoreBucketArn}/*` }, 'CoreBucketArn', 'bucket-arn'],
  ])('that the author asks for are declared, too: %s', (_, Resource, parameter, name) => {
    const service = serviceWith({ statements: [{ Action: 's3:GetObject', Resource }] });
    addPluginResources(service, SYSTEM);
    expect(service.resources?.Parameters).toMatchObject({ [parameter]: stored(name) });
  });

  it("leave the author's own parameters alone", () => {
    const own = { Colour: { Type: 'String', Default: 'red' } };
    const service = serviceWith({}, {}, { resources: { Parameters: own } });
    addPluginResources(service, SYSTEM);
    expect(service.resources?.Parameters).toMatchObject(own);
  });
});

describe('a plugin that is renamed', () => {
  /** Names and shape of what a service with one plugin of this name consists of. */
  function stackOf(plugin: string) {
    const service = serviceWith({ plugin });
    const resources = resourcesOf(service);
    return { ids: Object.keys(resources), lambda: service.functions.resize };
  }

  // Was: the function stayed and got a role that could not read the earlier queue, whose tasks timed out.
  // Now: function, role and queue are others; the earlier ones stay until the drain, which goes first, has seen the queue empty.
  it.each([
    ['A', 'Alpha'],
    ['a', 'A'],
    ['resize-low', 'resize_low'],
    ['resize-low', 'resizeLow'],
  ])('from %s to %s shares nothing with what it was', (before, after) => {
    const [was, is] = [stackOf(before), stackOf(after)];
    expect(is.ids.filter((id) => was.ids.includes(id))).toEqual([]);
    expect(is.lambda?.role).not.toBe(was.lambda?.role);
    expect(is.lambda?.name).not.toBe(was.lambda?.name);
    expect(is.lambda?.name).toBe(`baton-test-photos-${after}`);
  });
});

describe('a plugin that takes so many tasks of one client at once', () => {
  it.each([0, 101, 1.5, '10', null])('does not take %p of them', (tasksPerClient) => {
    expect(errorOf(serviceWith({ tasksPerClient }))).toContain('baton.tasksPerClient: ');
  });

  it.each([1, 100])('takes %p of them', (tasksPerClient) => {
    expect(errorOf(serviceWith({ tasksPerClient }))).toBe('no error');
  });
});

describe('an ordered plugin', () => {
  const ORDERED = { ordered: 'attributes.account' };

  it('has FIFO queues, and no way over the topic, which feeds none', () => {
    const service = serviceWith(ORDERED);
    const resources = resourcesOf(service);
    expect(Object.keys(resources).filter((id) => /Policy|Subscription/.test(id))).toEqual([]);
    expect(resources.ResizeQueue?.Properties).toMatchObject({
      QueueName: 'baton-test-plugin-resize.fifo',
      FifoQueue: true,
    });
    expect(resources.ResizeDeadLetterQueue?.Properties).toMatchObject({
      QueueName: 'baton-test-plugin-resize-dead.fifo',
      FifoQueue: true,
      RedriveAllowPolicy: {
        sourceQueueArns: [{ 'Fn::Sub': expect.stringMatching(/:baton-test-plugin-resize\.fifo$/) }],
      },
    });
    expect(resources.ResizeRegistration?.DependsOn).toEqual(['ResizeBurial']);
    expect(JSON.parse(String(resources.ResizeRegistration?.Properties.Definition))).toMatchObject(
      ORDERED,
    );
  });

  it('may be stateful: its lines are sessions', () => {
    const stateful = { ...ORDERED, stateful: true };
    const { ResizeRegistration, ResizeDrain } = resourcesOf(serviceWith(stateful));
    // Its sessions may take as long as CloudFormation waits.
    expect(ResizeDrain?.Properties.ServiceTimeout).toBe(3600);
    expect(resourcesOf(serviceWith(ORDERED)).ResizeDrain?.Properties.ServiceTimeout).toBe(1200);
    expect(JSON.parse(String(ResizeRegistration?.Properties.Definition))).toMatchObject(stateful);
    expect(errorOf(serviceWith({ stateful: true }))).toContain(
      'baton.stateful: stateful goes with `ordered`, which says which attribute holds the session',
    );
    expect(errorOf(serviceWith({ ...ORDERED, stateful: 'attributes.session' }))).toContain(
      'baton.stateful: must be true',
    );
  });

  it('takes one task in an invocation, unless its block says otherwise', () => {
    const eventOf = (baton: object) => {
      const service = serviceWith(baton);
      resourcesOf(service);
      return service.functions.resize?.events?.[0];
    };
    expect(eventOf(ORDERED)).toMatchObject({ sqs: { batchSize: 1 } });
    expect(eventOf({ ...ORDERED, batchSize: 5 })).toMatchObject({ sqs: { batchSize: 5 } });
  });

  it('keeps a message through all attempts of its task', () => {
    const policyOf = (baton: object) =>
      resourcesOf(serviceWith(baton)).ResizeQueue?.Properties.RedrivePolicy;
    const five = { ...ORDERED, retry: { maxAttempts: 5 } };
    expect(policyOf(five)).toMatchObject({ maxReceiveCount: 30 });
    expect(policyOf({ ...ORDERED, maxReceiveCount: 1000 })).toMatchObject({
      maxReceiveCount: 1000,
    });
  });

  it.each(['account', 'payload.account', 'attributes.', 'attributes'])(
    'is refused where its lines are not made by an attribute: %s',
    (ordered) => {
      expect(errorOf(serviceWith({ ordered }))).toContain('baton.ordered: ');
    },
  );
});
