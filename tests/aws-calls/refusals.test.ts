import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ServiceError } from '../../src/aws-calls/aws-service.ts';
import { connectObjectService } from '../../src/aws-calls/object-service.ts';
import { connectQueueService } from '../../src/aws-calls/queue-service.ts';
import { connectTableService } from '../../src/aws-calls/table-service.ts';
import { connectTopicService } from '../../src/aws-calls/topic-service.ts';
import { startScriptedService } from './scripted-service.ts';

let service: Awaited<ReturnType<typeof startScriptedService>>;
beforeAll(async () => {
  service = await startScriptedService();
});
beforeEach(() => {
  service.received.splice(0);
});
afterAll(() => service.stop());

const KEY = { TableName: 't', Key: { pk: { S: 'a' } }, ConsistentRead: true as const };
const MESSAGE = { Message: 'm', MessageAttributes: {} };
const TOPIC = 'arn:aws:sns:eu-west-1:1:t';

const publish = (attempts = 1) =>
  connectTopicService({ ...service.options, maxAttempts: attempts })('PublishBatch', {
    ...{ TopicArn: TOPIC, PublishBatchRequestEntries: [{ Id: '0', ...MESSAGE }] },
  });

it('a call that is called off ends at once, and is not tried again', async () => {
  service.replyWith({ silent: true });
  const off = new AbortController();
  const call = connectTableService({ ...service.options, maxAttempts: 3 })(
    ...(['GetItem', KEY, off.signal] as const),
  );
  while (service.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  off.abort();
  await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  expect(service.received).toHaveLength(1);
});

describe('what a service refuses', () => {
  it('is an error that is named as the service names it, with what else it says', async () => {
    const __type = 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException';
    const body = JSON.stringify({ __type, message: 'no', Item: { pk: { S: 'a' } } });
    service.replyWith({ status: 400, body });
    const refused = connectTableService(service.options)('GetItem', KEY);
    await expect(refused).rejects.toBeInstanceOf(ServiceError);
    await expect(refused).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      message: 'no',
      details: { Item: { pk: { S: 'a' } } },
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('may be told in XML, too', async () => {
    const body =
      '<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>NotFound</Code><Message>&quot;t&quot; &lt;is&gt; not &#x74;&#104;ere &amp; &odd;</Message></Error></ErrorResponse>';
    service.replyWith({ status: 404, body });
    await expect(publish()).rejects.toMatchObject({
      name: 'NotFound',
      message: '"t" <is> not there & &odd;',
    });
    const s3 = '<?xml version="1.0"?><Error><Code>NoSuchBucket</Code><Message>no</Message></Error>';
    service.replyWith({ status: 404, body: s3 });
    const put = connectObjectService(service.options).put(
      'b',
      'k',
      new Uint8Array(1),
      'text/plain',
    );
    await expect(put).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });

  it('may come from something in between, which speaks neither', async () => {
    service.replyWith({ status: 403, body: 'go away' });
    await expect(publish()).rejects.toMatchObject({ name: 'HTTP_403', message: 'go away' });
    const get = connectTableService(service.options)('GetItem', KEY);
    await expect(get).rejects.toMatchObject({ name: 'HTTP_403', message: 'go away' });
  });

  it('for a passing reason is asked again, as often as is said', async () => {
    const body = '<Error><Code>Throttling</Code><Message>later</Message></Error>';
    service.replyWith({ status: 400, body }, { status: 500 }, {});
    expect(await publish(4)).toEqual({ Failed: [] });
    expect(service.received).toHaveLength(3);
    service.replyWith({ status: 503 });
    await expect(publish(2)).rejects.toMatchObject({ name: 'HTTP_503' });
    expect(service.received).toHaveLength(3 + 2);
  });
});

describe('a batch', () => {
  it('of SNS tells which of its entries were not taken', async () => {
    const failed = (id: number) =>
      `<member><Id>${id}</Id><Code>InternalError</Code><Message>a &amp; b</Message><SenderFault>false</SenderFault></member>`;
    const body = `<PublishBatchResponse><PublishBatchResult><Failed>${failed(1)}${failed(3)}</Failed><Successful><member><Id>0</Id></member></Successful></PublishBatchResult></PublishBatchResponse>`;
    service.replyWith({ body });
    const { Failed } = await publish();
    expect(Failed).toEqual([
      { Id: '1', Code: 'InternalError', Message: 'a & b' },
      { Id: '3', Code: 'InternalError', Message: 'a & b' },
    ]);
  });

  // Was: whoever deleted a batch of messages was told that another message had arrived, since no such answer holds a digest: the local
  // stack said so of each batch, though all of it was deleted.
  it('of deletions has no messages to compare', async () => {
    const Successful = [{ Id: '0' }];
    service.replyWith({ body: JSON.stringify({ Successful }) });
    const deleted = connectQueueService(service.options)('DeleteMessageBatch', {
      ...{ QueueUrl: 'https://queue/1/q', Entries: [{ Id: '0', ReceiptHandle: 'a' }] },
    });
    expect(await deleted).toEqual({ Successful });
  });

  it('of SQS fails when a message arrived as another one', async () => {
    const Successful = [{ Id: '0', MD5OfMessageBody: 'other' }];
    service.replyWith({ body: JSON.stringify({ Successful }) });
    const sent = connectQueueService(service.options)('SendMessageBatch', {
      ...{ QueueUrl: 'https://queue/1/q', Entries: [{ Id: '0', MessageBody: 'hello' }] },
    });
    await expect(sent).rejects.toThrow('another message');
  });
});
