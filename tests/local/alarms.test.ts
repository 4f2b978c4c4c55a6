import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { type Alarm, alarmOf } from '../../infra/local/monitoring/alarm.ts';
import { alarmMessage } from '../../infra/local/monitoring/alarm-message.ts';
import { alarmsOf } from '../../infra/local/monitoring/monitoring-host.ts';
import { createMetrics } from '../../src/aws/metrics.ts';
import { monitoringWorld } from './monitoring-world.ts';

const TOPIC = 'arn:aws:sns:us-east-1:000000000000:baton-local-alarms';
const QUEUE = 'baton-local-plugin-slow';

const depth = {
  AlarmName: `${QUEUE}-depth`,
  Namespace: 'AWS/SQS',
  MetricName: 'ApproximateNumberOfMessagesVisible',
  Dimensions: [{ Name: 'QueueName', Value: QUEUE }],
  Statistic: 'Maximum',
  Period: 60,
  EvaluationPeriods: 2,
  Threshold: 100,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  TreatMissingData: 'notBreaching',
  AlarmActions: [TOPIC],
  OKActions: [TOPIC],
};

const alarm = (properties: object = {}): Alarm => {
  const read = alarmOf('Alarm', { ...depth, ...properties });
  if (!read) throw new Error('it is no alarm on a metric');
  return read;
};

const worldWith = (
  properties: object = {},
  options: { minuteSeconds?: number; file?: string } = {},
) => {
  const alarms = [alarm(properties)];
  return monitoringWorld({ alarms: () => alarms, ...options });
};

const states = ({ changes }: ReturnType<typeof monitoringWorld>) => changes.map(({ to }) => to);

it('an alarm goes off when as many periods as it asks for are over its threshold, and ends with the first that is not', async () => {
  const world = worldWith();
  world.queue(QUEUE, { visible: 3 });
  await world.pass(120);
  expect(states(world)).toEqual([]);
  world.queue(QUEUE, { visible: 143 });
  await world.pass(60);
  expect(states(world)).toEqual([]);
  await world.pass(60);
  expect(states(world)).toEqual(['ALARM']);
  await world.pass(300);
  expect(states(world)).toEqual(['ALARM']);
  world.queue(QUEUE, { visible: 99 });
  await world.pass(120);
  expect(states(world)).toEqual(['ALARM', 'OK']);
});

it('the maximum of a period counts, however short it was', async () => {
  const world = worldWith({ EvaluationPeriods: 1 });
  await world.pass(60);
  world.queue(QUEUE, { visible: 500 });
  await world.pass(5);
  world.queue(QUEUE, { visible: 0 });
  await world.pass(60);
  expect(states(world)).toEqual(['ALARM']);
});

it('in hurried minutes the same happens in less time, and each of them is told', async () => {
  const world = worldWith({}, { minuteSeconds: 2 });
  await world.pass(2, 0.25);
  world.queue(QUEUE, { visible: 143 });
  await world.pass(2, 0.25);
  expect(states(world)).toEqual([]);
  await world.pass(2.25, 0.25);
  expect(states(world)).toEqual(['ALARM']);
  expect(world.minutes()).toBe(3);
});

it('unhurried minutes are left to the schedule', async () => {
  const world = worldWith();
  await world.pass(300);
  expect(world.minutes()).toBe(0);
});

it.each([
  ['notBreaching', []],
  ['breaching', ['ALARM']],
  ['ignore', []],
  ['missing', []],
])('missing data is treated as %s', async (TreatMissingData, expected) => {
  const world = worldWith({ TreatMissingData });
  await world.pass(300);
  expect(states(world)).toEqual(expected);
});

it('an alarm that has lost its data says so when missing data is missing', async () => {
  const world = worldWith({
    Namespace: 'Baton',
    MetricName: 'TasksFailed',
    Dimensions: [],
    Statistic: 'Sum',
    TreatMissingData: 'missing',
    EvaluationPeriods: 1,
  });
  await world.pass(60);
  world.monitoring.wrote(
    `${JSON.stringify({ _aws: { Timestamp: 0, CloudWatchMetrics: [{ Namespace: 'Baton', Dimensions: [[]], Metrics: [{ Name: 'TasksFailed' }] }] }, TasksFailed: 200 })}\n`,
  );
  await world.pass(120);
  expect(states(world)).toEqual(['ALARM', 'INSUFFICIENT_DATA']);
});

it.each([
  ['GreaterThanOrEqualToThreshold', 100, ['ALARM']],
  ['GreaterThanThreshold', 100, []],
  ['GreaterThanThreshold', 101, ['ALARM']],
  ['LessThanThreshold', 100, []],
  ['LessThanOrEqualToThreshold', 100, ['ALARM']],
])('%s compares %d with 100', async (ComparisonOperator, visible, expected) => {
  const world = worldWith({ ComparisonOperator, EvaluationPeriods: 1 });
  world.queue(QUEUE, { visible });
  await world.pass(120);
  expect(states(world)).toEqual(expected);
});

it('two of three periods are enough where the alarm says so', async () => {
  const world = worldWith({ EvaluationPeriods: 3, DatapointsToAlarm: 2 });
  world.queue(QUEUE, { visible: 143 });
  await world.pass(60);
  world.queue(QUEUE, { visible: 0 });
  await world.pass(60);
  world.queue(QUEUE, { visible: 143 });
  await world.pass(60);
  expect(states(world)).toEqual(['ALARM']);
});

/** An alarm of the core, as infra/core/alarms.yml has it. */
function alarmOfCore(id: string): Alarm {
  const text = readFileSync(new URL('../../infra/core/alarms.yml', import.meta.url), 'utf8');
  const named = text.replaceAll(/\$\{param:system-name\}-\$\{sls:stage\}/g, 'baton-local');
  const read = alarmOf(id, parse(named, { logLevel: 'silent' }).Resources[id].Properties);
  if (!read) throw new Error(`${id} is no alarm on a metric`);
  return read;
}

it('a message that fails each time rings an alarm of the core, which ends when it has gone', async () => {
  const alarms = [alarmOfCore('OrchestratorAgeAlarm'), alarmOfCore('OrchestratorFailingAlarm')];
  const world = monitoringWorld({ alarms: () => alarms });
  const metrics = createMetrics('baton-local', world.now, (line) =>
    world.monitoring.wrote(`${line}\n`),
  );
  // Its queue has no other message, and this one's age is left out.
  world.queue('baton-local-orchestrator', { visible: 1, oldestSeconds: 0 });
  for (const _minute of [1, 2, 3]) {
    expect(states(world)).toEqual([]);
    metrics.publish({}, { RecordsFailing: 1 });
    await world.pass(60);
  }
  expect(world.changes.map(({ alarm: { name }, to }) => [name, to])).toEqual([
    ['baton-local-orchestrator-failing', 'ALARM'],
  ]);
  await world.pass(300);
  expect(states(world)).toEqual(['ALARM', 'OK']);
});

it('an alarm that was on when the stack was killed tells its end after the next start', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-alarms-'));
  const file = join(folder, 'alarms.json');
  const killed = worldWith({}, { file });
  killed.queue(QUEUE, { visible: 143 });
  await killed.pass(180);
  expect(states(killed)).toEqual(['ALARM']);

  const next = worldWith({}, { file });
  next.queue(QUEUE, { visible: 0 });
  await next.pass(120);
  expect(states(next)).toEqual(['OK']);
  rmSync(folder, { recursive: true });
});

it('what cannot be told is reported, and the alarms go on', async () => {
  const world = worldWith({ EvaluationPeriods: 1 });
  world.host.changed = async () => {
    throw new Error('there is no such topic');
  };
  world.queue(QUEUE, { visible: 143 });
  await world.pass(120);
  expect(world.problems).toEqual(['there is no such topic']);
});

it('alarms are read from the stacks, with what CloudFormation made text; those without a plain threshold are not', () => {
  const resource = (properties: object) => ({
    type: 'AWS::CloudWatch::Alarm',
    ref: 'stack-Alarm',
    attributes: {},
    properties: { ...properties },
  });
  const record = {
    folder: '',
    stackName: 'stack',
    resources: {
      Depth: resource({ ...depth, Period: '60', Threshold: '100', AlarmName: undefined }),
      Math: resource({ Metrics: [], Threshold: 1 }),
      Queue: { type: 'AWS::SQS::Queue', ref: 'queue', attributes: {} },
    },
  };
  const { name, ...read } = alarm();
  expect(alarmsOf([record])).toEqual([{ ...read, name: 'stack-Alarm' }]);
});

it('an alarm with disabled actions tells nobody', () => {
  expect(alarm({ ActionsEnabled: false }).actions.ALARM).toEqual([]);
});

it('the message is that of CloudWatch', () => {
  const change = {
    alarm: alarm(),
    from: 'OK',
    to: 'ALARM',
    value: 143,
    reason: '143 >= 100 visible',
    at: new Date(0),
  } as const;
  const { subject, message } = alarmMessage(change, {
    region: 'us-east-1',
    accountId: '000000000000',
  });
  expect(subject).toBe(`ALARM: "${QUEUE}-depth" in us-east-1`);
  expect(JSON.parse(message)).toMatchObject({
    AlarmName: `${QUEUE}-depth`,
    NewStateValue: 'ALARM',
    OldStateValue: 'OK',
    StateChangeTime: '1970-01-01T00:00:00.000Z',
    Trigger: {
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ name: 'QueueName', value: QUEUE }],
      Threshold: 100,
    },
  });
});
