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

/** Actions on partitions of the table. */
const table = (actions: string, ...partitions: string[]) =>
  actions.split(' ').map((action) => `dynamodb:${action} Table.Arn (${partitions.join(', ')})`);
const RUN_ORDERS = table(
  'DeleteItem GetItem PutItem Query UpdateItem',
  'order#*',
  'active#*',
  'seal',
);
const READ_ORDERS = table('GetItem Query', 'order#*', 'active#*');
const KEEP_PAYLOADS = ['s3:GetObject <Bucket.Arn>/orders/*', 's3:PutObject <Bucket.Arn>/orders/*'];
const READ_PAYLOADS = 's3:GetObject <Bucket.Arn>/orders/*';
const READ_WORKFLOWS = table('GetItem Query', 'workflows', 'workflow#*');
const WRITE_WORKFLOWS = table('GetItem PutItem Query UpdateItem', 'workflows', 'workflow#*');
const READ_PLUGINS = table('GetItem Query', 'plugins', 'quarantines');
const PARK = table('DeleteItem GetItem PutItem Query', 'parked#*', 'quarantines');
const TAKE_TURNS = table('DeleteItem GetItem PutItem Query UpdateItem', 'turns#*', 'waiting#*');
const LEAVE_EVENTS = table('DeleteItem', 'awaiting#*');
const COUNT_ENDS = table('UpdateItem', 'counts');
const COUNT_FAILURES = table('DeleteItem GetItem PutItem', 'failures');
const COUNT_PARKED = table('Query', 'parked#*');
const SWITCH_PLUGINS = table('GetItem Query UpdateItem', 'plugins');
const DRAINS = table('DeleteItem PutItem Query', 'drains');
const BOTTLENECKS = table('DeleteItem GetItem PutItem Query', 'bottlenecks');
const COUNT_WORKERS = table('Query', 'workers');
const SECRET = table('GetItem PutItem', 'secret');
const OPERATIONS = table('GetItem PutItem Query', 'operations');
const SCHEDULES = table('DeleteItem GetItem PutItem Query', 'schedules', 'due-schedules');
const WRITE_TOKENS = table('DeleteItem PutItem Query', 'tokens');
const LOOK = 'sqs:GetQueueAttributes queue baton-test-plugin-*';
const MEASURE = ['cloudwatch:GetMetricData *', LOOK];
const ENGINE = [
  ...RUN_ORDERS,
  ...KEEP_PAYLOADS,
  ...PARK,
  ...TAKE_TURNS,
  ...LEAVE_EVENTS,
  ...COUNT_ENDS,
  ...READ_PLUGINS,
  ...MEASURE,
  'sns:Publish LifecycleTopic',
  'sns:Publish TasksTopic',
  'sqs:SendMessage OrchestratorQueue.Arn',
  'sqs:SendMessage queue baton-test-plugin-*',
  ...READ_WORKFLOWS,
];
const consume = (queue: string) =>
  ['ChangeMessageVisibility', 'DeleteMessage', 'GetQueueAttributes', 'ReceiveMessage'].map(
    (action) => `sqs:${action} ${queue}`,
  );
const RESCALE = [
  ...READ_PLUGINS,
  ...SWITCH_PLUGINS,
  ...BOTTLENECKS,
  ...COUNT_WORKERS,
  ...MEASURE,
  'lambda:ListEventSourceMappings *',
  'lambda:UpdateEventSourceMapping mapping *',
  'sns:Publish LifecycleTopic',
];
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  ingest: [
    ...RUN_ORDERS,
    ...WRITE_WORKFLOWS,
    ...READ_PLUGINS,
    ...table('GetItem', 'clients'),
    ...table('PutItem Query', 'events#*', 'awaiting#*'),
    ...KEEP_PAYLOADS,
    'sqs:SendMessage OrchestratorQueue.Arn',
    'lambda:InvokeFunction AnswerLambdaFunction.Arn',
  ],
  answer: [...READ_ORDERS, READ_PAYLOADS, ...READ_WORKFLOWS, ...READ_PLUGINS],
  orders: [
    ...ENGINE,
    ...SECRET,
    ...table('GetItem', 'clients'),
    'dynamodb:Query <Table.Arn>/index/list',
  ],
  operations: [
    ...READ_ORDERS,
    READ_PAYLOADS,
    ...OPERATIONS,
    ...consume('OrchestratorDeadLetterQueue.Arn'),
    'dynamodb:Query <Table.Arn>/index/list',
    'sqs:SendMessage OperationsQueue.Arn',
    'sqs:SendMessage OrchestratorQueue.Arn',
  ],
  operate: [
    ...ENGINE,
    ...OPERATIONS,
    ...consume('OperationsQueue.Arn'),
    'dynamodb:Query <Table.Arn>/index/list',
    'sqs:SendMessage OperationsQueue.Arn',
  ],
  sweep: [
    ...new Set([...ENGINE, ...WRITE_WORKFLOWS]),
    ...COUNT_FAILURES,
    ...DRAINS,
    ...SCHEDULES,
    ...table('GetItem', 'clients'),
    ...table('DeleteItem GetItem PutItem', 'sweep'),
    ...table('DeleteItem Query', 'bounded-plugins'),
  ],
  schedules: [...SCHEDULES, ...WRITE_WORKFLOWS, ...READ_PLUGINS, ...table('GetItem', 'clients')],
  orchestrate: [
    ...ENGINE,
    ...COUNT_FAILURES,
    ...SECRET,
    ...table('GetItem Query', 'events#*'),
    ...table('PutItem', 'awaiting#*'),
    ...table('DeleteItem PutItem', 'workers'),
    ...consume('OrchestratorQueue.Arn'),
  ],
  bury: [
    ...ENGINE,
    ...consume('queue baton-test-plugin-*-dead'),
    ...consume('queue baton-test-plugin-*-dead.fifo'),
  ],
  workflows: [...WRITE_WORKFLOWS, ...READ_PLUGINS],
  clients: [
    ...table('GetItem PutItem', 'clients'),
    ...WRITE_WORKFLOWS,
    ...READ_PLUGINS,
    ...WRITE_TOKENS,
    'sns:Publish LifecycleTopic',
  ],
  register: [
    ...table('DeleteItem GetItem PutItem Query UpdateItem', 'plugins', 'removed-plugins'),
    ...table('PutItem', 'input-schemas'),
    ...table('GetItem PutItem', 'quarantines'),
    ...table('PutItem', 'bounded-plugins'),
    ...READ_WORKFLOWS,
    ...DRAINS,
    ...SECRET,
    LOOK,
    'sns:Publish LifecycleTopic',
  ],
  plugins: [
    ...READ_PLUGINS,
    ...table('Query', 'input-schemas'),
    ...table('GetItem PutItem', 'quarantines'),
    ...table('DeleteItem', 'failures'),
    'sns:Publish LifecycleTopic',
    'sqs:SendMessage OrchestratorQueue.Arn',
  ],
  status: [
    ...READ_ORDERS,
    READ_PAYLOADS,
    ...READ_WORKFLOWS,
    ...READ_PLUGINS,
    ...COUNT_PARKED,
    ...table('Query', 'bottlenecks', 'counts', 'history'),
    ...table('Query', 'turns#*', 'waiting#*'),
    ...COUNT_WORKERS,
    ...MEASURE,
  ],
  openapi: [],
  console: [],
  authorize: table('GetItem', 'tokens'),
  tokens: [...WRITE_TOKENS, 'sns:Publish LifecycleTopic'],
  rescale: RESCALE,
  observe: [
    ...RESCALE,
    ...COUNT_PARKED,
    ...READ_ORDERS,
    READ_PAYLOADS,
    ...READ_WORKFLOWS,
    ...table('PutItem Query', 'counts', 'history'),
  ],
};

/** The partitions that an adapter touches, by its name in src/aws/adapters.ts; those of the engine's ports are listed with it. */
const PARTITIONS: Readonly<Record<string, readonly string[]>> = {
  journal: ['order#x'],
  activeOrders: ['active#1'],
  registry: ['plugins', 'quarantines'],
  quarantines: ['quarantines'],
  parkedOrders: ['parked#A#1'],
  turns: ['turns#A', 'waiting#A#x'],
  boundedPlugins: ['bounded-plugins'],
  awaitedEvents: ['awaiting#x'],
  failureWindows: ['failures'],
  workflows: ['workflows', 'workflow#x'],
  clientContracts: ['clients'],
  drains: ['drains'],
  masterSecret: ['secret'],
  tokens: ['tokens'],
  bottlenecks: ['bottlenecks'],
  inputSchemas: ['input-schemas'],
  counts: ['counts'],
  history: ['history'],
  sweepRecord: ['sweep'],
  workers: ['workers'],
  operations: ['operations'],
  schedules: ['schedules', 'due-schedules'],
  orderList: ['order#x'],
};
const PLACING = ['journal', 'activeOrders', 'registry', 'workflows'];

let core: Template;
beforeAll(async () => {
  core = await packageService(PROJECT);
}, 480_000);

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

  // Was: ten roles read and wrote the master secret and everybody's tokens. Now: a role names its partitions.
  it('let nobody but these touch the master secret and the tokens', () => {
    const touching = (partition: string) =>
      Object.keys(EXPECTED).filter((name) =>
        permissionsOf(core, idOf(name)).some((one) => one.includes(partition)),
      );
    expect(touching('secret')).toEqual(['orders', 'orchestrate', 'register']);
    expect(touching('tokens)')).toEqual(['clients', 'authorize', 'tokens']);
  });

  it('ask for a key wherever they name partitions: without one the condition would hold', () => {
    const ofTable = Object.keys(resourcesOfType(core, 'AWS::IAM::Role'))
      .flatMap(statementsOf)
      .filter((one) => JSON.stringify(one).includes('"dynamodb:'))
      .filter((one) => !JSON.stringify(one).includes('/index/list'));
    expect(ofTable.length).toBeGreaterThan(30);
    for (const { Condition } of ofTable) {
      expect(Condition).toMatchObject({
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': expect.any(Array) },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      });
    }
  });

  it('reach all partitions of the adapters that their handlers are made of', async () => {
    for (const name of Object.keys(EXPECTED)) {
      const file = path.join(PROJECT, `src/handlers/${name}.ts`);
      const used = [...(await readFile(file, 'utf8')).matchAll(/\b(\w+)\(\)/g)].flatMap(
        ([, adapter = '']) => {
          if (adapter === 'enginePorts')
            return [...PLACING, 'parkedOrders', 'awaitedEvents', 'quarantines', 'turns', 'counts'];
          return adapter === 'placingPorts' ? PLACING : [adapter];
        },
      );
      const keys = permissionsOf(core, idOf(name)).flatMap(
        (one) => /\((.*)\)/.exec(one)?.[1]?.split(', ') ?? [],
      );
      const reached = (partition: string) =>
        keys.some((key) =>
          key.endsWith('*') ? partition.startsWith(key.slice(0, -1)) : partition === key,
        );
      const missing = used
        .flatMap((adapter) => PARTITIONS[adapter] ?? [])
        .filter((one) => !reached(one));
      expect({ name, missing }).toEqual({ name, missing: [] });
    }
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
  if (call.startsWith('ChangeMessageVisibility')) return 'sqs:ChangeMessageVisibility';
  if (call.startsWith('Publish')) return 'sns:Publish';
  if (call.endsWith('Object')) return `s3:${call}`;
  if (call.endsWith('EventSourceMapping') || call.endsWith('EventSourceMappings')) {
    return `lambda:${call}`;
  }
  if (call === 'GetMetricData') return `cloudwatch:${call}`;
  return /Queue|Message/.test(call) ? `sqs:${call}` : `dynamodb:${call}`;
}
