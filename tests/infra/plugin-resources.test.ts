import { describe, expect, it } from '@jest/globals';
import {
  addPluginResources,
  type Service,
  type System,
} from '../../infra/plugin-resources/index.ts';

const SYSTEM: System = { name: 'baton', stage: 'test' };

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

  it('is invited over the tasks topic by its name, and only that topic may send to its queue', () => {
    const { ResizeSubscription, ResizeQueuePolicy } = resourcesOf(serviceWith({}));
    const topic = '{{resolve:ssm:/baton/baton/test/tasks-topic-arn}}';
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
      FunctionName: '{{resolve:ssm:/baton/baton/test/bury-function-arn}}',
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
        BATON_PLUGIN_KEY: { 'Fn::GetAtt': ['ResizeRegistration', 'Key'] },
        BATON_ORCHESTRATOR_QUEUE_URL: '{{resolve:ssm:/baton/baton/test/orchestrator-queue-url}}',
        BATON_QUEUE_URL: { Ref: 'ResizeQueue' },
        BATON_API_URL: '{{resolve:ssm:/baton/baton/test/api-url}}',
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

  it('registers with all defaults filled in, once it can be reached', () => {
    const { ResizeRegistration } = resourcesOf(serviceWith({}));
    const { Definition, ...properties } = ResizeRegistration!.Properties;
    expect(properties).toEqual({
      ServiceToken: '{{resolve:ssm:/baton/baton/test/registrations-topic-arn}}',
      ServiceTimeout: 300,
      QueueUrl: { Ref: 'ResizeQueue' },
      QueueArn: { 'Fn::GetAtt': ['ResizeQueue', 'Arn'] },
    });
    expect(JSON.parse(String(Definition))).toEqual({
      name: 'resize',
      joins: [],
      history: false,
      timeoutSeconds: 3600,
      totalSeconds: 86_400,
      retry: { maxAttempts: 3, backoffSeconds: 2, maxBackoffSeconds: 300 },
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
      timeoutSeconds: 3600,
      heartbeatSeconds: 60,
      totalSeconds: 86_400,
      retry: { maxAttempts: 5, backoffSeconds: 2, maxBackoffSeconds: 300 },
      concurrency: { base: 4, ceiling: 4 },
      switchOffAfterIdleSeconds: 1800,
      functionName: 'baton-test-photos-resize',
    });
  });

  it('has alarms on a backlog and on a task that waits, which tell the core when they ring and when they end', () => {
    const block = { concurrency: { base: 2, ceiling: 8 }, batchSize: 5, timeoutSeconds: 240 };
    const { ResizeDepthAlarm, ResizeAgeAlarm } = resourcesOf(serviceWith(block));
    const topic = {
      'Fn::Sub': `arn:\${AWS::Partition}:sns:\${AWS::Region}:\${AWS::AccountId}:baton-test-alarms`,
    };
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
    // Half of the time that an attempt has.
    expect(ResizeAgeAlarm?.Properties).toMatchObject({
      ...common,
      AlarmName: 'baton-test-plugin-resize-age',
      MetricName: 'ApproximateAgeOfOldestMessage',
      Threshold: 120,
    });
    for (const alarm of [ResizeDepthAlarm, ResizeAgeAlarm]) {
      expect(String(alarm?.Properties.AlarmDescription).length).toBeLessThanOrEqual(1024);
      expect(alarm?.Properties.AlarmDescription).toContain('baton-test-photos-resize');
    }
  });

  it('has alarms that ring when its author says', () => {
    const block = { alarms: { depth: 7, ageSeconds: 20 } };
    const { ResizeDepthAlarm, ResizeAgeAlarm } = resourcesOf(serviceWith(block));
    expect(ResizeDepthAlarm?.Properties.Threshold).toBe(7);
    expect(ResizeAgeAlarm?.Properties.Threshold).toBe(20);
  });

  it('joins the system that is named', () => {
    const service = serviceWith({});
    const resources = resourcesOf(service, { name: 'other', stage: 'prod' });
    const text = JSON.stringify([resources, service.functions, service.provider]);
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

  it('leaves names that its author gave', () => {
    const service = serviceWith({}, { name: 'mine' }, { provider: { stackName: 'ours' } });
    addPluginResources(service, SYSTEM);
    expect(service.provider.stackName).toBe('ours');
    expect(service.functions.resize?.name).toBe('mine');
  });
});

it('a function without a block stays as it is, and so does a service without plugins', () => {
  const service = serviceWith(undefined);
  const before = structuredClone(service);
  addPluginResources(service, SYSTEM);
  expect(service).toEqual(before);
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
    ['no object', [], {}, `${at}baton: Invalid input: expected object, received array`],
    ['an unknown key', { colour: 'red' }, {}, `${at}baton.colour: this key is not known here`],
    [
      'a stage that does not exist',
      { joins: [{ activity: 'make', stage: 'later' }] },
      {},
      `${at}baton.joins[0].stage: Invalid option: expected one of "pre"|"parallel"|"post"`,
    ],
    [
      'a missing activity',
      { joins: [{ stage: 'pre' }] },
      {},
      `${at}baton.joins[0].activity: Invalid input: expected string, received undefined`,
    ],
    [
      'too large a batch',
      { batchSize: 11 },
      {},
      `${at}baton.batchSize: Too big: expected number to be <=10`,
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
      `${at}baton.switchOffAfterIdle: Too small: expected number to be >=60`,
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
    [
      'a function name that is too long',
      {},
      { name: 'n'.repeat(65) },
      `${at}name: ${'n'.repeat(65)} is over 64 letters`,
    ],
  ])('%s', (_, baton, lambda, message) => {
    expect(errorOf(serviceWith(baton, lambda))).toBe(message);
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
      'service "photos", function "two", baton.plugin: "p" is already the plugin of function "one", or too much like it',
    );
  });

  it('a system whose name makes the queue name too long', () => {
    const system = { name: 's'.repeat(70), stage: 'test' };
    expect(errorOf(serviceWith({}, { name: 'short' }), system)).toContain('is over 80 letters');
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

  it('more plugins than a stack has room for references to the core', () => {
    const functions = Object.fromEntries(
      Array.from({ length: 11 }, (_, index) => [`plugin${index}`, { baton: {} }]),
    );
    expect(errorOf(serviceWith({}, {}, { functions }))).toBe(
      'service "photos": 77 references to the core; a stack takes 60. Put some of its plugins into another service',
    );
  });
});
