import { pluginQueueName } from '../../src/contract/plugin-queues.ts';
import { HIDDEN_SECONDS } from '../../src/sdk/worker/hold-message.ts';
import { runsInContainer } from './container.ts';
import { coreValue } from './core-parameters.ts';
import { logicalIdOf, type PluginFunction } from './plugin-function.ts';
import { prefixOf, type Resource, type System } from './plugin-service.ts';

/**
 * AWS advises six times the function's timeout and the batching window, so that Lambda can repeat an invocation that was throttled, and takes no
 * less than the timeout.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
const TIMEOUTS_PER_VISIBILITY = 6;

/** The timeout of the core's function `bury` (serverless.yml), which consumes the dead-letter queues. */
const BURY_TIMEOUT_SECONDS = 30;

/** 14 days, the most that SQS keeps a message: a plugin that is down for long loses no task. */
const RETENTION_SECONDS = 14 * 24 * 60 * 60;

/** The fewest that Lambda takes; burying is quick, and a plugin that dies in numbers must not crowd out the orchestrator. */
const BURIALS_AT_ONCE = 2;

/** The queue of a plugin, its dead-letter queue, and the ways in and out of both, except the function's own event source mapping. */
export function queuesOf(plugin: PluginFunction, system: System): Record<string, Resource> {
  const id = logicalIdOf(plugin);
  const { ordered, plugin: name } = plugin.block;
  const queueName = pluginQueueName({ name, ordered }, prefixOf(system));
  const fifo = ordered === undefined ? {} : { FifoQueue: true };
  return {
    [`${id}Queue`]: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: queueName,
        ...fifo,
        VisibilityTimeout: visibilityOf(plugin),
        MessageRetentionPeriod: RETENTION_SECONDS,
        SqsManagedSseEnabled: true,
        RedrivePolicy: {
          deadLetterTargetArn: { 'Fn::GetAtt': [`${id}DeadLetterQueue`, 'Arn'] },
          maxReceiveCount: maxReceiveCountOf(plugin),
        },
      },
    },
    [`${id}DeadLetterQueue`]: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: pluginQueueName({ name, ordered }, prefixOf(system), '-dead'),
        ...fifo,
        VisibilityTimeout: BURY_TIMEOUT_SECONDS * TIMEOUTS_PER_VISIBILITY,
        MessageRetentionPeriod: RETENTION_SECONDS,
        SqsManagedSseEnabled: true,
        RedriveAllowPolicy: {
          redrivePermission: 'byQueue',
          // By name: a reference would close a circle with the queue above.
          sourceQueueArns: [
            {
              'Fn::Sub': `arn:\${AWS::Partition}:sqs:\${AWS::Region}:\${AWS::AccountId}:${queueName}`,
            },
          ],
        },
      },
    },
    // Tasks of an ordered plugin come straight to its queue: a standard topic feeds no FIFO queue.
    ...(ordered === undefined && fromTopic(plugin)),
    [`${id}Burial`]: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: { 'Fn::GetAtt': [`${id}DeadLetterQueue`, 'Arn'] },
        FunctionName: coreValue('CoreBuryFunctionArn'),
        BatchSize: 10,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: BURIALS_AT_ONCE },
      },
    },
  };
}

/** How tasks that several plugins get come to the queue: over the topic. */
function fromTopic(plugin: PluginFunction): Record<string, Resource> {
  const id = logicalIdOf(plugin);
  return {
    [`${id}QueuePolicy`]: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: `${id}Queue` }],
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'sns.amazonaws.com' },
              Action: 'sqs:SendMessage',
              Resource: { 'Fn::GetAtt': [`${id}Queue`, 'Arn'] },
              Condition: { ArnEquals: { 'aws:SourceArn': coreValue('CoreTasksTopicArn') } },
            },
          ],
        },
      },
    },
    [`${id}Subscription`]: {
      Type: 'AWS::SNS::Subscription',
      Properties: {
        TopicArn: coreValue('CoreTasksTopicArn'),
        Protocol: 'sqs',
        Endpoint: { 'Fn::GetAtt': [`${id}Queue`, 'Arn'] },
        RawMessageDelivery: true,
        // The orchestrator says who is invited; the author's own filter is evaluated there, not here.
        FilterPolicy: { [`p.${plugin.block.plugin}`]: ['1'] },
        FilterPolicyScope: 'MessageAttributes',
      },
    },
  };
}

/**
 * How often a message is delivered before it is a dead letter. One of an ordered plugin stays in the queue through all attempts of its task:
 * it comes once to fail, once to learn when it is tried again, and perhaps once or twice too early.
 */
function maxReceiveCountOf({ block }: PluginFunction): number {
  const { ordered, maxReceiveCount, retry } = block;
  if (ordered === undefined) return maxReceiveCount;
  return Math.min(MOST_RECEIVES, maxReceiveCount + DELIVERIES_PER_ATTEMPT * retry.maxAttempts);
}

const DELIVERIES_PER_ATTEMPT = 4;

/** SQS takes no more: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
const MOST_RECEIVES = 1000;

/**
 * How long a task is hidden after its delivery, in seconds. When its process has died, it comes again after that time: early enough to be
 * performed within its attempt, in which a redelivery should find the function's whole time.
 */
function visibilityOf(plugin: PluginFunction): number {
  // A worker renews it for as long as it works on the task.
  if (runsInContainer(plugin)) return HIDDEN_SECONDS;
  const { timeout } = plugin;
  const { timeoutSeconds, batchingWindowSeconds } = plugin.block;
  const longest = batchingWindowSeconds + timeout;
  const advised = batchingWindowSeconds + timeout * TIMEOUTS_PER_VISIBILITY;
  const inTimeForAnother = Math.floor(timeoutSeconds - longest);
  return Math.max(longest, Math.min(advised, inTimeForAnother));
}
