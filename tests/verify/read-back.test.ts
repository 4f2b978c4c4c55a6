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

describe('an account, compared with its templates,', () => {
  it('agrees if it holds the same values, even as text', () => {
    const read = account({ VisibilityTimeout: '60', RedrivePolicy });
    expect(compareWithTemplates(read, [queue(60)])).toBe('1 resources as their templates say');
  });

  it('differs if it holds another value, or no such resource', () => {
    const read = account({ VisibilityTimeout: '30', RedrivePolicy });
    expect(() => compareWithTemplates(read, [queue(60)])).toThrow(
      'queues > orders > VisibilityTimeout: 60 in the template, "30" in the account',
    );
    expect(() => compareWithTemplates({ queues: {} }, [queue(60)])).toThrow('queues has no orders');
  });

  it('differs if it holds an unresolved reference', () => {
    const read = {
      ...account({ VisibilityTimeout: '60', RedrivePolicy }),
      parameters: { url: '{{resolve:ssm:/baton/url}}' },
    };
    expect(() => compareWithTemplates(read, [queue(60)])).toThrow(
      'parameters > url holds an unresolved {{resolve:',
    );
  });
});

it('a difference between two accounts is named by its path', () => {
  const before = { queues: { a: { delay: 1 }, b: {} }, topics: {} };
  const after = { queues: { a: { delay: 2 } }, topics: { t: {} } };
  expect(differences(before, after)).toEqual(['queues > a > delay', 'queues > b', 'topics > t']);
});
