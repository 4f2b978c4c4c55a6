import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connectQueues } from '../../src/sdk/queue-calls.ts';

/** MD5 of `hello`. */
const MD5 = '5d41402abc4b2a76b9719d911017c592';

const SENT = { status: 200, body: JSON.stringify({ MD5OfMessageBody: MD5 }) };
const DONE = { status: 200, body: '' };

interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Received {
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** A server that answers as it is told, and keeps what it was asked. */
let server: Server;
let received: Received[];
let replies: (Reply | 'hang up' | 'say nothing')[];
let port: number;

beforeEach(async () => {
  received = [];
  replies = [];
  server = createServer(async (request, response) => {
    const { url, headers } = request;
    received.push({ url, headers, body: JSON.parse(await text(request)) });
    const reply = replies.length > 1 ? replies.shift() : replies[0];
    if (reply === 'say nothing') return;
    if (reply === 'hang up' || reply === undefined) return void request.socket.destroy();
    response.writeHead(reply.status, reply.headers).end(reply.body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const variables = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  AWS_ACCESS_KEY_ID: 'AKID',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_REGION: 'eu-west-1',
  ...more,
});
const queueUrl = () => `http://127.0.0.1:${port}/123456789012/orders`;
/** A busy machine answers late, which is no reason to call again. */
const PATIENT = { connectionTimeout: 60_000, requestTimeout: 60_000, socketTimeout: 60_000 };
const queues = (more: NodeJS.ProcessEnv = {}) => connectQueues(variables(more), PATIENT);
const refused = (code: string, status = 400, headers = {}) => ({
  ...{ status, headers },
  body: JSON.stringify({ __type: `com.amazonaws.sqs#${code}`, message: 'no' }),
});

describe('a call of a queue', () => {
  it('is what the client of the SDK sends', async () => {
    replies = [SENT];
    await queues().send(queueUrl(), 'hello');
    const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } =
      variables();
    const client = new SQSClient({
      endpoint: `http://127.0.0.1:${port}`,
      region: 'eu-west-1',
      credentials: { accessKeyId, secretAccessKey },
    });
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl(), MessageBody: 'hello' }));
    client.destroy();

    const [ours, theirs] = received as [Received, Received];
    expect(ours.body).toEqual(theirs.body);
    expect(ours.url).toBe(theirs.url);
    for (const name of ['content-type', 'x-amz-target', 'content-length', 'host'])
      expect(ours.headers[name]).toBe(theirs.headers[name]);
    const scope = ({ headers }: Received) => headers.authorization?.split('Signature')[0];
    expect(scope(ours)?.split(',')[0]).toBe(scope(theirs)?.split(',')[0]);
  });

  it('carries the session token of the credentials that there are now', async () => {
    replies = [DONE];
    const changing = variables({ AWS_SESSION_TOKEN: 'first' });
    const calls = connectQueues(changing, PATIENT);
    await calls.remove(queueUrl(), 'receipt');
    changing.AWS_SESSION_TOKEN = 'second';
    await calls.remove(queueUrl(), 'receipt');
    expect(received.map(({ headers }) => headers['x-amz-security-token'])).toEqual([
      'first',
      'second',
    ]);
  });

  it('goes to the endpoint that the environment names, or else to the host of the queue', async () => {
    replies = [DONE];
    const elsewhere = 'http://sqs.invalid/123456789012/orders';
    const AWS_ENDPOINT_URL = `http://127.0.0.1:${port}`;
    await queues({ AWS_ENDPOINT_URL }).remove(elsewhere, 'receipt');
    await queues({
      AWS_ENDPOINT_URL: 'http://other.invalid',
      AWS_ENDPOINT_URL_SQS: `${AWS_ENDPOINT_URL}/path`,
    }).remove(elsewhere, 'receipt');
    await queues({
      AWS_ENDPOINT_URL: 'http://other.invalid',
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
    }).remove(queueUrl(), 'receipt');
    expect(received.map(({ url }) => url)).toEqual(['/', '/path', '/']);
    expect(received[0]?.body).toEqual({ QueueUrl: elsewhere, ReceiptHandle: 'receipt' });
  });

  it('names what is missing to sign it', async () => {
    await expect(queues({ AWS_REGION: '' }).remove(queueUrl(), 'receipt')).rejects.toThrow(
      'AWS_REGION must be set',
    );
    expect(received).toEqual([]);
  });

  it('makes a message visible later', async () => {
    replies = [DONE];
    await queues().delay(queueUrl(), 'receipt', 30);
    expect(received[0]?.headers['x-amz-target']).toBe('AmazonSQS.ChangeMessageVisibility');
    expect(received[0]?.body).toEqual({
      QueueUrl: queueUrl(),
      ReceiptHandle: 'receipt',
      VisibilityTimeout: 30,
    });
  });

  it('uses its connection again', async () => {
    replies = [DONE];
    let connections = 0;
    server.on('connection', () => {
      connections += 1;
    });
    const calls = queues();
    for (let n = 0; n < 3; n += 1) await calls.remove(queueUrl(), 'receipt');
    expect(connections).toBe(1);
  });
});

describe('a call that fails', () => {
  it.each([
    ['a connection that breaks', 'hang up' as const],
    ['a failure of SQS', { status: 503, body: '<html>busy</html>' }],
    ['throttling, which has status 400', refused('ThrottlingException')],
    ['throttling with status 429', { status: 429, body: '' }],
  ])('is made again after %s', async (_, first) => {
    replies = [first, SENT];
    await queues().send(queueUrl(), 'hello');
    expect(received.length).toBe(2);
  });

  it('is made again when no answer comes', async () => {
    replies = ['say nothing', SENT];
    await connectQueues(variables(), { ...PATIENT, requestTimeout: 1500 }).send(
      queueUrl(),
      'hello',
    );
    expect(received.length).toBe(2);
  });

  it('is made three times at most', async () => {
    replies = [{ status: 500, body: '' }];
    await expect(queues().send(queueUrl(), 'hello')).rejects.toThrow(
      expect.objectContaining({ name: 'HTTP_500' }),
    );
    expect(received.length).toBe(3);
  });

  it('is not made again where that does not help, and says what SQS said', async () => {
    replies = [refused('QueueDoesNotExist')];
    await expect(queues().send(queueUrl(), 'hello')).rejects.toThrow(
      expect.objectContaining({ name: 'QueueDoesNotExist', message: 'no' }),
    );
    expect(received.length).toBe(1);
  });

  it('fails when the message arrived as another one', async () => {
    replies = [{ status: 200, body: JSON.stringify({ MD5OfMessageBody: 'other' }) }];
    await expect(queues().send(queueUrl(), 'hello')).rejects.toThrow('another message');
  });

  it("is signed by SQS's clock when its own is wrong, and so are those at the same time", async () => {
    const inAnHour = new Date(Date.now() + 3_600_000);
    const date = { date: inAnHour.toUTCString() };
    const late = refused('InvalidSignatureException', 403, date);
    replies = [late, late, { ...DONE, headers: date }];
    const calls = queues();
    await Promise.all([calls.remove(queueUrl(), 'one'), calls.remove(queueUrl(), 'two')]);
    const dates = received.map(({ headers }) => String(headers['x-amz-date']));
    const hour = `T${inAnHour.toISOString().slice(11, 13)}`;
    expect(dates.map((one) => one.includes(hour))).toEqual([false, false, true, true]);
  });
});
