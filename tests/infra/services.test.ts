import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  countByType,
  exportsOf,
  PROJECT,
  packageService,
  permissionsOf,
  resourcesOfType,
  type Template,
} from './package-service.ts';

const SERVICES = {
  arithmetic: ['A', 'B'],
  security: ['notification', 'reporting', 'security', 'unit'],
  travel: ['approve', 'card', 'flight', 'hotel'],
  imaging: ['adjust', 'resize-high', 'resize-low', 'resize-mid', 'watermark'],
};

const templates = new Map<string, Template>();
beforeAll(async () => {
  for (const service of Object.keys(SERVICES)) {
    templates.set(service, await packageService(path.join(PROJECT, 'plugins', service)));
  }
}, 480_000);

function templateOf(service: string): Template {
  const template = templates.get(service);
  if (template === undefined) throw new Error(`${service} was not packaged`);
  return template;
}

/** Everything that a resource depends on: CloudFormation makes it earlier, and deletes it later. */
function dependenciesOf(template: Template, id: string, known = new Set<string>()): Set<string> {
  const { DependsOn = [], Properties } = template.Resources[id] ?? {};
  const text = JSON.stringify(Properties ?? {});
  const references = [...text.matchAll(/"(?:Ref":|Fn::GetAtt":\[)"(\w+)"/g)].map(([, one]) => one);
  for (const next of [...[DependsOn].flat(), ...references]) {
    if (next === undefined || known.has(next) || next in (template.Parameters ?? {})) continue;
    expect(Object.keys(template.Resources)).toContain(next);
    dependenciesOf(template, next, known.add(next));
  }
  return known;
}

/** The definitions that the service registers, by plugin name. */
function definitionsOf(service: string) {
  const registrations = Object.values(resourcesOfType(templateOf(service), 'Custom::BatonPlugin'));
  const definitions = registrations.map(({ Properties }) => JSON.parse(Properties.Definition));
  return Object.fromEntries(definitions.map((definition) => [definition.name, definition]));
}

describe.each(Object.entries(SERVICES))('%s', (service, plugins) => {
  it('registers its plugins', () => {
    expect(Object.keys(definitionsOf(service)).sort()).toEqual(plugins);
  });

  it('has these resources for each plugin, and a bucket to deploy from', () => {
    const each = plugins.length;
    expect(countByType(templateOf(service))).toEqual({
      'AWS::CloudWatch::Alarm': 3 * each,
      'AWS::IAM::Role': each,
      'AWS::Lambda::EventSourceMapping': 2 * each,
      'AWS::Lambda::Function': each,
      'AWS::Logs::LogGroup': each,
      'AWS::S3::Bucket': 1,
      'AWS::S3::BucketPolicy': 1,
      'AWS::SNS::Subscription': each,
      'AWS::SQS::Queue': 2 * each,
      'AWS::SQS::QueuePolicy': each,
      'Custom::BatonDrain': each,
      'Custom::BatonPlugin': each,
    });
  });

  it('drains its plugins first when it is removed: everything that they need is deleted later', () => {
    const template = templateOf(service);
    for (const [id, { Properties }] of Object.entries(
      resourcesOfType(template, 'Custom::BatonDrain'),
    )) {
      const beginning = id.replace(/Drain$/, '');
      const standsOn = dependenciesOf(template, id);
      for (const part of [
        'Registration',
        'Queue',
        'DeadLetterQueue',
        'Role',
        'Subscription',
        'Burial',
      ]) {
        expect(standsOn).toContain(`${beginning}${part}`);
      }
      const own = [...standsOn].map((one) => template.Resources[one]);
      expect(own.map((one) => one?.Type)).toContain('AWS::Lambda::Function');
      expect(own.find((one) => one?.Type === 'AWS::Lambda::Function')?.Properties).toMatchObject({
        Environment: { Variables: { BATON_PLUGIN: Properties.Plugin } },
      });
    }
  });

  it('exports nothing, so that an account may have it several times', () => {
    expect(exportsOf(templateOf(service))).toEqual([]);
  });

  it('has queues that hide a task for six function timeouts', () => {
    const template = templateOf(service);
    const mappings = Object.values(resourcesOfType(template, 'AWS::Lambda::EventSourceMapping'));
    for (const { Properties } of mappings) {
      expect(Properties.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
      if (Properties.FunctionName.Ref === 'CoreBuryFunctionArn') continue;
      const queue = template.Resources[Properties.EventSourceArn['Fn::GetAtt'][0]]?.Properties;
      const lambda = template.Resources[Properties.FunctionName['Fn::GetAtt'][0]]?.Properties;
      expect(queue.VisibilityTimeout).toBe(6 * lambda.Timeout);
      expect(lambda.FunctionName).toMatch(new RegExp(`^baton-test-${service}-`));
    }
  });
});

it('A and B get the history of their orders and join no workflow', () => {
  const { A, B } = definitionsOf('arithmetic');
  expect([A.history, A.joins, B.history, B.joins]).toEqual([true, [], true, []]);
});

it('notification and reporting join every activity inform; reporting is optional', () => {
  const { notification, reporting, security, unit } = definitionsOf('security');
  expect([security.joins, unit.joins]).toEqual([[], []]);
  expect(notification.joins).toEqual([
    {
      activity: 'inform',
      stage: 'parallel',
      order: 100,
      mandatory: true,
      filter: { severity: ['high', 'medium'] },
    },
  ]);
  expect(reporting.joins).toEqual([
    { activity: 'inform', stage: 'parallel', order: 100, mandatory: false },
  ]);
});

it('a plugin may take its tasks, answer them, write its log, and keep what is large under orders/ of the bucket', () => {
  const own = (functionName: string, queue: string) => [
    `logs:CreateLogStream log /aws/lambda/${functionName}:*`,
    `logs:PutLogEvents log /aws/lambda/${functionName}:*`,
    `sqs:ChangeMessageVisibility ${queue}.Arn`,
    `sqs:DeleteMessage ${queue}.Arn`,
    `sqs:GetQueueAttributes ${queue}.Arn`,
    `sqs:ReceiveMessage ${queue}.Arn`,
    's3:GetObject <CoreBucketArn>/orders/*',
    's3:PutObject <CoreBucketArn>/orders/*',
    'sqs:SendMessage CoreOrchestratorQueueArn',
  ];
  expect(permissionsOf(templateOf('arithmetic'), 'ALambdaFunction')).toEqual(
    own('baton-test-arithmetic-A', 'CapitalAQueue').sort(),
  );
  expect(permissionsOf(templateOf('imaging'), 'ResizeLowLambdaFunction')).toEqual(
    [
      ...own('baton-test-imaging-resize-low', 'ResizeDashlowQueue'),
      's3:ListBucket CoreBucketArn',
    ].sort(),
  );
});

it('a packaged function says what its input looks like, where its schema can tell', () => {
  const schemaOf = (service: string, plugin: string) =>
    definitionsOf(service)[plugin].inputSchema as object | undefined;
  expect(schemaOf('imaging', 'resize-low')).toMatchObject({ type: 'object' });
  expect(schemaOf('security', 'unit')).toMatchObject({ type: 'object' });
  expect(schemaOf('arithmetic', 'A')).toEqual({ type: 'number' });
});
