import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  PROJECT,
  packageService,
  permissionsOf,
  resourcesOfType,
  type Template,
} from './package-service.ts';

const READ = ['GetItem', 'Query'].flatMap((action) => [
  `dynamodb:${action} <Table.Arn>/index/list`,
  `dynamodb:${action} Table.Arn`,
]);
const WRITE = ['DeleteItem', 'PutItem', 'UpdateItem'].map(
  (action) => `dynamodb:${action} Table.Arn`,
);
const LOOK = 'sqs:GetQueueAttributes queue baton-test-plugin-*';
const MEASURE = ['cloudwatch:GetMetricData *', LOOK];
const ENGINE = [
  ...READ,
  ...WRITE,
  ...MEASURE,
  'sns:Publish LifecycleTopic',
  'sns:Publish TasksTopic',
  'sqs:SendMessage OrchestratorQueue.Arn',
  'sqs:SendMessage queue baton-test-plugin-*',
];
const consume = (queue: string) =>
  ['ChangeMessageVisibility', 'DeleteMessage', 'GetQueueAttributes', 'ReceiveMessage'].map(
    (action) => `sqs:${action} ${queue}`,
  );
const RESCALE = [
  ...READ,
  ...WRITE,
  ...MEASURE,
  'lambda:ListEventSourceMappings *',
  'lambda:UpdateEventSourceMapping mapping *',
  'sns:Publish LifecycleTopic',
];
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  ingest: [
    ...READ,
    ...WRITE,
    's3:PutObject <Bucket.Arn>/*',
    'sqs:SendMessage OrchestratorQueue.Arn',
  ],
  orders: ENGINE,
  sweep: ENGINE,
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

let core: Template;
beforeAll(async () => {
  core = await packageService(PROJECT);
}, 240_000);

const idOf = (name: string) => `${name.charAt(0).toUpperCase()}${name.slice(1)}LambdaFunction`;
const statementsOf = (role: string): { Action: unknown; Condition?: unknown }[] =>
  core.Resources[role]?.Properties.Policies[0].PolicyDocument.Statement;

describe('roles', () => {
  it('are expected for each function', () => {
    const names = Object.values(resourcesOfType(core, 'AWS::Lambda::Function')).map(
      ({ Properties }) => Properties.FunctionName,
    );
    expect(names.sort()).toEqual(
      Object.keys(EXPECTED)
        .map((name) => `baton-test-${name}`)
        .sort(),
    );
  });

  it.each(Object.entries(EXPECTED))(
    '%s may do these things, and write its log',
    (name, permissions) => {
      const log = `log /aws/lambda/baton-test-${name}:*`;
      expect(permissionsOf(core, idOf(name))).toEqual(
        [...permissions, `logs:CreateLogStream ${log}`, `logs:PutLogEvents ${log}`].sort(),
      );
    },
  );

  it.each(['AuthorizeRole', 'TokensRole'])('%s reaches the tokens and nothing else', (role) => {
    const ofTable = statementsOf(role).filter((one) => JSON.stringify(one).includes('dynamodb:'));
    expect(ofTable).toMatchObject([
      { Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['tokens'] } } },
    ]);
  });

  it.each(['RescaleRole', 'ObserveRole'])('%s changes only mappings of this system', (role) => {
    const moving = statementsOf(role).find(
      ({ Action }) => Action === 'lambda:UpdateEventSourceMapping',
    );
    expect(JSON.stringify(moving?.Condition)).toMatch(
      /"ArnLike":\{"lambda:FunctionArn":.*:function:baton-test-\*"/,
    );
  });

  it('allow every call that the adapters make', async () => {
    const allowed = new Set(
      Object.keys(EXPECTED)
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

/** The IAM action that an SDK command needs. */
function actionOf(call: string): string {
  if (call.startsWith('SendMessage')) return 'sqs:SendMessage';
  if (call.startsWith('Publish')) return 'sns:Publish';
  if (call.endsWith('Object')) return `s3:${call}`;
  if (call.endsWith('EventSourceMapping') || call.endsWith('EventSourceMappings')) {
    return `lambda:${call}`;
  }
  if (call === 'GetMetricData') return `cloudwatch:${call}`;
  return /Queue|Message/.test(call) ? `sqs:${call}` : `dynamodb:${call}`;
}
