import { runsInContainer } from './container.ts';
import { coreValue } from './core-parameters.ts';
import { logicalIdOf, type PluginFunction } from './plugin-function.ts';
import { prefixOf, type Resource, type System } from './plugin-service.ts';

/** A backlog, rather than a wave that passes: more than every instance takes in so many batches. */
const BATCHES_BEHIND = 10;

/**
 * An attempt's time runs from its dispatch, the wait in the queue included. When half of what is not needed for the work itself has gone by
 * in the queue, the other half is left to do something about it before tasks begin to fail.
 */
const SHARE_OF_SLACK = 0.5;

/** CloudWatch looks once a minute: what waits for less is not seen in time anyway. */
const LEAST_WAIT_SECONDS = 60;

/** However patient the plugin's timeout is: whoever waits five minutes for a turn has met a bottleneck. */
const MOST_WAIT_SECONDS = 300;

/**
 * The alarms on a plugin's queues. Three alarms cost $0.30 a month, whether they ring or not; the first ten of an account are free:
 * https://aws.amazon.com/cloudwatch/pricing/
 */
export function alarmsOf(plugin: PluginFunction, system: System): Record<string, Resource> {
  const id = logicalIdOf(plugin);
  const { plugin: name, alarms } = plugin.block;
  const depth = alarms.depth ?? depthOf(plugin);
  const ageSeconds = alarms.ageSeconds ?? ageSecondsOf(plugin);
  const onQueue = (queue: string) => ({
    Namespace: 'AWS/SQS',
    Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [queue, 'QueueName'] } }],
    Statistic: 'Maximum',
    Period: 60,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    // An idle queue stops sending data points.
    TreatMissingData: 'notBreaching',
    AlarmActions: [coreValue('CoreAlarmsTopicArn')],
    OKActions: [coreValue('CoreAlarmsTopicArn')],
  });
  const prefix = `${prefixOf(system)}-plugin-${name}`;
  const isContainer = runsInContainer(plugin);
  const help = isContainer ? helpOfContainer(name) : helpOfFunction(plugin);
  const worksUntil = isContainer
    ? `an attempt fails ${plugin.block.timeoutSeconds} s after its dispatch`
    : `its function works ${plugin.timeout} s on it at most, and an attempt fails ${plugin.block.timeoutSeconds} s after its dispatch`;
  return {
    [`${id}DeadLetterAlarm`]: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        AlarmName: `${prefix}-dead`,
        // A dead letter becomes a failed task within seconds, and that is published as such. Here are those that do not.
        AlarmDescription: `Dead letters of the plugin ${name} are not buried: their orders wait for the tasks' deadlines. See the log of ${prefixOf(system)}-bury.`,
        ...onQueue(`${id}DeadLetterQueue`),
        MetricName: 'ApproximateNumberOfMessagesVisible',
        EvaluationPeriods: 3,
        Threshold: 1,
      },
    },
    [`${id}DepthAlarm`]: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        AlarmName: `${prefix}-depth`,
        AlarmDescription: `${depth} tasks or more wait for the plugin ${name}. ${help}`,
        ...onQueue(`${id}Queue`),
        MetricName: 'ApproximateNumberOfMessagesVisible',
        // Two minutes: a burst that is taken within one is none of a bottleneck.
        EvaluationPeriods: 2,
        Threshold: depth,
      },
    },
    [`${id}AgeAlarm`]: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        AlarmName: `${prefix}-age`,
        AlarmDescription: `A task for the plugin ${name} was sent ${ageSeconds} s ago and is not done; ${worksUntil}. ${help}`,
        ...onQueue(`${id}Queue`),
        MetricName: 'ApproximateAgeOfOldestMessage',
        EvaluationPeriods: 1,
        Threshold: ageSeconds,
      },
    },
  };
}

const helpOfFunction = ({ functionName, block: { plugin } }: PluginFunction) =>
  `While it rings, Baton raises the concurrency of ${plugin} up to its ceiling; GET /status names cause and time to drain. Rings on? Cause atCap: raise baton.concurrency.ceiling. failing or slow: see the log of ${functionName}. switchedOff: enable its event source mapping.`;

const helpOfContainer = (plugin: string) =>
  `GET /status names cause and time to drain. Cause noWorker: no container of ${plugin} is at work. atCap: run more of them. failing or slow: see their log.`;

function depthOf({ block: { concurrency, batchSize } }: PluginFunction): number {
  return concurrency.base * batchSize * BATCHES_BEHIND;
}

/**
 * SQS counts the age of a message from when it was sent until it is deleted, so a task in work is as old as its wait and its work: no task
 * that is not older than the batching window and the function's timeout has certainly waited for its turn.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
function ageSecondsOf({ timeout, block }: PluginFunction): number {
  const longest = block.batchingWindowSeconds + timeout;
  const share = Math.floor((block.timeoutSeconds - longest) * SHARE_OF_SLACK);
  const wait = Math.min(MOST_WAIT_SECONDS, Math.max(LEAST_WAIT_SECONDS, share));
  return Math.ceil(longest) + wait;
}
