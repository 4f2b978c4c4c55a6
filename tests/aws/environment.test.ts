import { describe, expect, test } from '@jest/globals';
import { readEnvironment } from '../../src/aws/environment.ts';

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
  test('is read as the functions need it', () => {
    expect(readEnvironment(COMPLETE)).toEqual({
      system: 'other',
      stage: 'local',
      tableName: COMPLETE.BATON_TABLE_NAME,
      orchestratorQueueUrl: COMPLETE.BATON_ORCHESTRATOR_QUEUE_URL,
      tasksTopicArn: COMPLETE.BATON_TASKS_TOPIC_ARN,
      lifecycleTopicArn: COMPLETE.BATON_LIFECYCLE_TOPIC_ARN,
      bucketName: COMPLETE.BATON_BUCKET_NAME,
      subscriptionSettlesSeconds: 0,
      retentionDays: 7,
      maxInputBytes: 1000,
    });
  });

  test('has defaults for what need not be set', () => {
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
      maxInputBytes: 131_072,
    });
  });

  test('that is wrong is named in all its faults at once', () => {
    const read = () =>
      readEnvironment({
        ...COMPLETE,
        BATON_TABLE_NAME: undefined,
        BATON_BUCKET_NAME: '',
        BATON_ORCHESTRATOR_QUEUE_URL: '[object Object]',
        BATON_TASKS_TOPIC_ARN: 'tasks',
        BATON_RETENTION_DAYS: 'a month',
      });
    expect(read).toThrow(
      'the environment: BATON_TABLE_NAME is not set; ' +
        'BATON_ORCHESTRATOR_QUEUE_URL is no URL: "[object Object]"; ' +
        'BATON_TASKS_TOPIC_ARN is no ARN: "tasks"; ' +
        'BATON_BUCKET_NAME is empty: ""; ' +
        'BATON_RETENTION_DAYS is no number: "a month"',
    );
  });
});
