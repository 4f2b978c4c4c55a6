import { connectFunctionService, type FunctionCalls } from '../aws-calls/function-service.ts';
import { connectMappingService, type MappingCalls } from '../aws-calls/mapping-service.ts';
import { connectMetricService, type MetricCalls } from '../aws-calls/metric-service.ts';
import { connectObjectService, type ObjectCalls } from '../aws-calls/object-service.ts';
import { connectQueueService, type QueueCalls } from '../aws-calls/queue-service.ts';
import { connectTableService, type TableCalls } from '../aws-calls/table-service.ts';
import { connectTopicService, type TopicCalls } from '../aws-calls/topic-service.ts';
import { MAX_WAIT_SECONDS } from '../contract/longest-wait.ts';

/**
 * A call takes a few milliseconds; one that takes seconds is better made again on another connection. All attempts
 * together stay below the 29 seconds after which the shortest of the functions that wait for them is ended.
 */
const CONFIG = {
  maxAttempts: 4,
  patience: { connectionTimeout: 1000, requestTimeout: 4000 },
  /** As many calls at once as a full batch makes. */
  maxSockets: 200,
};

/**
 * The services as the environment describes them. Each is connected when it is first needed, once an instance; its connections are kept
 * open between invocations. A function's bundle holds only the services that it reaches.
 */
let tableCalls: TableCalls | undefined;
let queueCalls: QueueCalls | undefined;
let topicCalls: TopicCalls | undefined;
let objectCalls: ObjectCalls | undefined;
let mappingCalls: MappingCalls | undefined;
let functionCalls: FunctionCalls | undefined;
let metricCalls: MetricCalls | undefined;

export function dynamodb(): TableCalls {
  tableCalls ??= connectTableService(CONFIG);
  return tableCalls;
}

/**
 * Calls the region's endpoint, not the host in a queue's URL: they are the same on AWS, but the local stack gets another
 * port with each start, and the plugins' URLs in the registry are those of the start before until they register again.
 */
export function sqs(): QueueCalls {
  queueCalls ??= connectQueueService(CONFIG);
  return queueCalls;
}

export function sns(): TopicCalls {
  topicCalls ??= connectTopicService(CONFIG);
  return topicCalls;
}

export function s3(): ObjectCalls {
  objectCalls ??= connectObjectService(CONFIG);
  return objectCalls;
}

/**
 * Asks once: a function that is asked again waits again. It has a second and a half more than the longest wait, in which it starts, and
 * whoever asks still has time to answer.
 */
export function functions(): FunctionCalls {
  const requestTimeout = (MAX_WAIT_SECONDS + 1.5) * 1000;
  functionCalls ??= connectFunctionService({
    ...{ maxAttempts: 1, patience: { ...CONFIG.patience, requestTimeout } },
  });
  return functionCalls;
}

export function lambda(): MappingCalls {
  mappingCalls ??= connectMappingService(CONFIG);
  return mappingCalls;
}

/** Gives up sooner than the others: nothing depends on what it says, and its callers do without. */
export function cloudwatch(): MetricCalls {
  metricCalls ??= connectMetricService({ ...CONFIG, maxAttempts: 2 });
  return metricCalls;
}
