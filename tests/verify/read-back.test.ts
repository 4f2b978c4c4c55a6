import { describe, expect, it } from '@jest/globals';
import { differences } from '../../infra/verify/account.ts';
import { compareWithTemplates } from '../../infra/verify/read-back.ts';

const queue = (VisibilityTimeout: number) => ({
  Resources: {
    Queue: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: 'orders',
        VisibilityTimeout,
        RedrivePolicy: {
          deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] },
          maxReceiveCount: 5,
        },
      },
    },
  },
});
const account = (attributes: Record<string, string>) => ({ queues: { orders: attributes } });
const RedrivePolicy = '{"deadLetterTargetArn": "arn:aws:sqs:dead", "maxReceiveCount": 5}';

describe('an account', () => {
  it('holds what the template says, as text or not', () => {
    const read = account({ VisibilityTimeout: '60', RedrivePolicy });
    expect(compareWithTemplates(read, [queue(60)])).toBe('1 resources as their templates say');
  });

  it('that holds another value, or nothing, differs', () => {
    const read = account({ VisibilityTimeout: '30', RedrivePolicy });
    expect(() => compareWithTemplates(read, [queue(60)])).toThrow(
      'queues > orders > VisibilityTimeout: 60 in the template, "30" in the account',
    );
    expect(() => compareWithTemplates({ queues: {} }, [queue(60)])).toThrow('queues has no orders');
  });

  it('that holds a reference nobody looked up differs', () => {
    const read = {
      ...account({ VisibilityTimeout: '60', RedrivePolicy }),
      parameters: { url: '{{resolve:ssm:/baton/url}}' },
    };
    expect(() => compareWithTemplates(read, [queue(60)])).toThrow(
      'parameters > url holds an unresolved {{resolve:',
    );
  });
});

it('what differs between two accounts is named by its path', () => {
  const before = { queues: { a: { delay: 1 }, b: {} }, topics: {} };
  const after = { queues: { a: { delay: 2 } }, topics: { t: {} } };
  expect(differences(before, after)).toEqual(['queues > a > delay', 'queues > b', 'topics > t']);
});
