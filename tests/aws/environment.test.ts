import { describe, expect, it } from '@jest/globals';
import { localOrigins, readEnvironment } from '../../src/aws/environment.ts';

const COMPLETE = {
  BATON_SYSTEM: 'other',
  BATON_STAGE: 'local',
  BATON_TABLE_NAME: 'other-local',
  BATON_ORCHESTRATOR_QUEUE_URL: 'http://127.0.0.1:4566/000000000000/other-local-orchestrator',
  BATON_TASKS_TOPIC_ARN: 'arn:aws:sns:us-east-1:000000000000:other-local-tasks',
  BATON_LIFECYCLE_TOPIC_ARN: 'arn:aws:sns:us-east-1:000000000000:other-local-lifecycle',
  BATON_BUCKET_NAME: 'other-local-objects-000000000000',
  BATON_SUBSCRIPTION_SETTLES_SECONDS: '0',
  BATON_RETENTION_DAYS: '7',
  BATON_MAX_INPUT_BYTES: '1000',
};

describe('the environment', () => {
  it('is read as the functions need it', () => {
    expect(readEnvironment(COMPLETE)).toEqual({
      system: 'other',
      stage: 'local',
      tableName: COMPLETE.BATON_TABLE_NAME,
      orchestratorQueueUrl: COMPLETE.BATON_ORCHESTRATOR_QUEUE_URL,
      tasksTopicArn: COMPLETE.BATON_TASKS_TOPIC_ARN,
      lifecycle: 'all',
      lifecycleTopicArn: COMPLETE.BATON_LIFECYCLE_TOPIC_ARN,
      bucketName: COMPLETE.BATON_BUCKET_NAME,
      subscriptionSettlesSeconds: 0,
      retentionDays: 7,
      maxInputBytes: 1000,
      answerFunction: '',
      deadLetterQueueUrl: '',
      operationsQueueUrl: '',
      pluginMetrics: 'all',
      otlpEndpoint: '',
      otlpHeaders: '',
      traceRatio: 1,
    });
  });

  it('has defaults for what need not be set', () => {
    const {
      BATON_SYSTEM: _,
      BATON_SUBSCRIPTION_SETTLES_SECONDS: __,
      BATON_RETENTION_DAYS: ___,
      BATON_MAX_INPUT_BYTES: ____,
      ...rest
    } = COMPLETE;
    expect(readEnvironment(rest)).toMatchObject({
      system: 'baton',
      subscriptionSettlesSeconds: 900,
      retentionDays: 30,
      maxInputBytes: 2_621_440,
    });
  });

  it('that is wrong is named in all its faults at once', () => {
    const read = () =>
      readEnvironment({
        ...COMPLETE,
        BATON_TABLE_NAME: undefined,
        BATON_BUCKET_NAME: '',
        BATON_ORCHESTRATOR_QUEUE_URL: '[object Object]',
        BATON_TASKS_TOPIC_ARN: 'tasks',
        BATON_RETENTION_DAYS: 'a month',
        BATON_TRACE_RATIO: '1.5',
      });
    expect(read).toThrow(
      'the environment: BATON_TABLE_NAME is not set; ' +
        'BATON_ORCHESTRATOR_QUEUE_URL must be a URL: "[object Object]"; ' +
        'BATON_TASKS_TOPIC_ARN must be an ARN: "tasks"; ' +
        'BATON_BUCKET_NAME is empty: ""; ' +
        'BATON_RETENTION_DAYS must be a number: "a month"; ' +
        'BATON_TRACE_RATIO is more than 1: "1.5"',
    );
  });
});

describe('an imitation of AWS', () => {
  it('listens where the variables say that point the SDK at it; on AWS there are none', () => {
    const variables = {
      AWS_ENDPOINT_URL_LAMBDA: 'http://127.0.0.1:4001/',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
      AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:4566/sqs',
      AWS_ENDPOINT_URL_SNS: '',
      AWS_REGION: 'us-east-1',
    };
    expect(localOrigins(variables)).toEqual(['http://127.0.0.1:4001', 'http://127.0.0.1:4566']);
    expect(localOrigins({ AWS_REGION: 'us-east-1' })).toEqual([]);
  });
});
