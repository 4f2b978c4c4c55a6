import { once } from 'node:events';
import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as requestOf,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type SqsRequest, type SqsResponse, snsRequests, sqsRequests } from './message-requests.ts';
import {
  refusedUnits,
  type TableShape,
  tableShape,
  type WireItem,
  type WireTable,
  writeUnits,
} from './table-units.ts';
import { NOTHING, sum, type Usage } from './usage.ts';

/** Whom a call is put down to that names no function: the local stack's own pollers. */
const POLLERS = 'pollers';

const ADDED_BY_POWERTOOLS = /-PT-.*$/;

export interface CountingProxy {
  readonly awsEndpoint: string;
  readonly dynamodbEndpoint: string;
  /** What each function has used so far, by the name that the local stack gives it in its calls. */
  usage(): ReadonlyMap<string, Usage>;
  /** Calls by service and operation, as in `SQS SendMessageBatch`. */
  calls(): ReadonlyMap<string, number>;
  stop(): Promise<void>;
}

interface Call {
  readonly caller: string;
  readonly headers: IncomingHttpHeaders;
  readonly method: string;
  readonly path: string;
  readonly body: Buffer;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/**
 * Stands between the functions and the embedded AWS services, passes everything on, and counts what AWS would bill, from
 * what goes over the wire. Writes are worked out from the items' bytes; reads are what the emulator says that it has read, since a
 * projection hides it from whoever reads along.
 */
export async function startCountingProxy(upstream: {
  readonly awsEndpoint: string;
  readonly dynamodbEndpoint: string;
}): Promise<CountingProxy> {
  const usages = new Map<string, Usage>();
  const operations = new Map<string, number>();
  const count = ({ caller }: Call, operation: string, used: Partial<Usage>) => {
    usages.set(caller, sum([usages.get(caller) ?? NOTHING, { ...NOTHING, ...used }]));
    operations.set(operation, (operations.get(operation) ?? 0) + 1);
  };
  const agent = new Agent({ keepAlive: true, maxSockets: 2000 });
  const tables = createTableMeter((call) => pass(upstream.dynamodbEndpoint, call, agent), count);

  const dynamodb = await serve((call) => tables.answer(call));
  const aws = await serve(async (call) => {
    const answer = await pass(upstream.awsEndpoint, call, agent);
    countMessages(call, answer, count);
    // Queues have their URLs from the server that made them; the SDK sends to the host that it finds there.
    return { ...answer, body: replaced(answer.body, upstream.awsEndpoint, aws.endpoint) };
  });
  return {
    awsEndpoint: aws.endpoint,
    dynamodbEndpoint: dynamodb.endpoint,
    usage: () => new Map(usages),
    calls: () => new Map(operations),
    stop: async () => {
      await Promise.all([aws.stop(), dynamodb.stop()]);
      agent.destroy();
    },
  };
}

type Count = (call: Call, operation: string, used: Partial<Usage>) => void;

function countMessages(call: Call, { status, body }: Answer, count: Count): void {
  if (status >= 500) return;
  const [, sqs] = operationOf(call).split('AmazonSQS.');
  if (sqs !== undefined) {
    const request = JSON.parse(call.body.toString()) as SqsRequest;
    const response = JSON.parse(body.toString() || '{}') as SqsResponse;
    const isReceive = sqs === 'ReceiveMessage';
    const brings = (response.Messages ?? []).length > 0;
    // Polls that bring nothing are the price of waiting, not of work.
    if (isReceive && !brings) {
      count(call, 'SQS ReceiveMessage, empty', {});
      return;
    }
    // The local stack samples queues for its alarms; on AWS, CloudWatch does so at no charge.
    if (sqs === 'GetQueueAttributes' && call.caller === POLLERS) return;
    const requests = sqsRequests(request, response);
    count(call, `SQS ${sqs}`, { sqs: requests, invocations: isReceive ? 1 : 0 });
    return;
  }
  if (!String(call.headers['content-type']).startsWith('application/x-www-form-urlencoded')) return;
  const form = new URLSearchParams(call.body.toString());
  count(call, `SNS ${form.get('Action')}`, { sns: snsRequests(form) });
}

interface TableRequest {
  readonly TableName: string;
  readonly Key?: WireItem;
  readonly Item?: WireItem;
}

interface TableAnswer {
  readonly Attributes?: WireItem;
  readonly Item?: WireItem;
  readonly Table?: WireTable;
  readonly ConsumedCapacity?: { readonly CapacityUnits: number };
  readonly __type?: string;
}

function createTableMeter(passOn: (call: Call) => Promise<Answer>, count: Count) {
  const shapes = new Map<string, TableShape>();

  /** Passes the call on with more asked for than its sender did. */
  const ask = async (call: Call, request: object) => {
    const answer = await passOn({ ...call, body: Buffer.from(JSON.stringify(request)) });
    return { answer, said: JSON.parse(answer.body.toString()) as TableAnswer };
  };
  const call = (name: string, like: Call): Call => ({
    ...like,
    headers: { ...like.headers, 'x-amz-target': `DynamoDB_20120810.${name}` },
  });

  const itemAt = async (like: Call, { TableName, Key }: TableRequest) =>
    (await ask(call('GetItem', like), { TableName, Key, ConsistentRead: true })).said.Item;

  const write = async (
    like: Call,
    operation: string,
    request: TableRequest,
    asked: object,
    itemsOf: (
      said: TableAnswer,
    ) => readonly [before: WireItem | undefined, after: WireItem | undefined],
  ) => {
    const { answer, said } = await ask(like, { ...request, ...asked });
    const refused = said.__type?.endsWith('ConditionalCheckFailedException');
    const shape = shapes.get(request.TableName);
    if (shape === undefined) throw new Error(`the bench has not seen table ${request.TableName}`);
    if (refused)
      count(like, `DynamoDB ${operation}, refused`, { writeUnits: refusedUnits(said.Item) });
    else if (answer.status < 300) {
      const units = writeUnits(shape, ...itemsOf(said));
      count(like, `DynamoDB ${operation}`, { writeUnits: units });
    }
    return answer;
  };

  const answer = async (like: Call): Promise<Answer> => {
    const operation = operationOf(like).split('.')[1] ?? '';
    const request = JSON.parse(like.body.toString() || '{}') as TableRequest;
    switch (operation) {
      case 'PutItem': {
        const asked = { ReturnValues: 'ALL_OLD' };
        return write(like, operation, request, asked, ({ Attributes }) => [
          Attributes,
          request.Item,
        ]);
      }
      case 'DeleteItem': {
        const asked = { ReturnValues: 'ALL_OLD' };
        return write(like, operation, request, asked, ({ Attributes }) => [Attributes, undefined]);
      }
      case 'UpdateItem': {
        const before = await itemAt(like, request);
        const asked = { ReturnValues: 'ALL_NEW' };
        return write(like, operation, request, asked, ({ Attributes }) => [before, Attributes]);
      }
      case 'GetItem':
      case 'Query': {
        const { answer, said } = await ask(like, { ...request, ReturnConsumedCapacity: 'TOTAL' });
        const { ConsistentRead } = request as { ConsistentRead?: boolean };
        const least = ConsistentRead ? 1 : 0.5;
        const readUnits = Math.max(least, said.ConsumedCapacity?.CapacityUnits ?? 0);
        if (answer.status < 300) count(like, `DynamoDB ${operation}`, { readUnits });
        return answer;
      }
      case 'CreateTable': {
        const table = request as unknown as WireTable;
        shapes.set(table.TableName, tableShape(table));
        return passOn(like);
      }
      case 'DescribeTable':
      case 'DeleteTable':
      case 'UpdateTimeToLive':
      case 'DescribeTimeToLive':
      case 'UpdateContinuousBackups':
      case 'ListTables':
        return passOn(like);
      default:
        throw new Error(`the bench cannot say what ${operation} costs`);
    }
  };
  return { answer };
}

async function serve(
  answerOf: (call: Call) => Promise<Answer>,
): Promise<{ endpoint: string; stop: () => Promise<void> }> {
  const server = createServer(async (request, response) => {
    try {
      const call = { ...headOf(request), body: await buffer(request) };
      answer(response, await answerOf(call));
    } catch (error) {
      // A call that was called off has nobody left to answer.
      if (response.destroyed) return;
      console.error(`the counting proxy: ${error}`);
      response.writeHead(500).end(String(error));
    }
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The local stack gives each function a name in its user agent: `app/<function>`. */
function headOf({ headers, method, url }: IncomingMessage): Omit<Call, 'body'> {
  const application = String(headers['user-agent']).match(/ app\/([^ ]+)/)?.[1];
  const caller = application?.replace(ADDED_BY_POWERTOOLS, '') ?? POLLERS;
  return { caller, headers, method: String(method), path: String(url) };
}

function answer(response: ServerResponse, { status, headers, body }: Answer): void {
  const { 'transfer-encoding': _, connection: __, 'keep-alive': ___, ...kept } = headers;
  response.writeHead(status, { ...kept, 'content-length': body.byteLength }).end(body);
}

async function pass(endpoint: string, call: Call, agent: Agent): Promise<Answer> {
  const { host } = new URL(endpoint);
  const headers = { ...call.headers, host, 'content-length': String(call.body.byteLength) };
  const request = requestOf(endpoint + call.path, { method: call.method, headers, agent });
  request.end(call.body);
  try {
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const { statusCode, headers: received } = response;
    return { status: Number(statusCode), headers: received, body: await buffer(response) };
  } catch (error) {
    // The services may close an idle connection at the moment in which it is used again.
    if (!request.reusedSocket) throw error;
    return pass(endpoint, call, agent);
  }
}

function operationOf({ headers }: Call): string {
  return String(headers['x-amz-target'] ?? '');
}

function replaced(body: Buffer, from: string, to: string): Buffer {
  return body.includes(from) ? Buffer.from(body.toString().replaceAll(from, to)) : body;
}
