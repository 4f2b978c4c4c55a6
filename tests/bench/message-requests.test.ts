import { describe, expect, it } from '@jest/globals';
import { snsRequests, sqsRequests } from '../../bench/meter/message-requests.ts';

const KB = 1024;

describe('requests to SQS', () => {
  it('are one for a call, whatever the number of its messages', () => {
    const Entries = Array.from({ length: 10 }, () => ({ MessageBody: 'x'.repeat(6 * KB) }));
    expect(sqsRequests({ Entries }, {})).toBe(1);
  });

  it('are one more for each further 64 KB, sent or received', () => {
    const text = 'x'.repeat(64 * KB);
    expect(sqsRequests({ MessageBody: text }, {})).toBe(1);
    expect(sqsRequests({ MessageBody: `${text}x` }, {})).toBe(2);
    expect(sqsRequests({}, { Messages: [{ Body: text }, { Body: text }, { Body: 'x' }] })).toBe(3);
  });

  it('count attributes as well', () => {
    const MessageAttributes = { name: { StringValue: 'x'.repeat(64 * KB) } };
    expect(sqsRequests({ MessageBody: '', MessageAttributes }, {})).toBe(2);
  });
});

describe('requests to SNS', () => {
  it('are one for a batch, and one more for each further 64 KB', () => {
    const batch = (message: string) =>
      new URLSearchParams({
        Action: 'PublishBatch',
        'PublishBatchRequestEntries.member.1.Message': message,
        'PublishBatchRequestEntries.member.2.Message': message,
      });
    expect(snsRequests(batch('x'.repeat(32 * KB)))).toBe(1);
    expect(snsRequests(batch('x'.repeat(33 * KB)))).toBe(2);
  });
});
