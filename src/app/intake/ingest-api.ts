import { readJson } from '../../contract/json-text.ts';
import { rowsOfCsv } from '../../contract/order-csv.ts';
import type { OrderRow } from '../../contract/order-row.ts';
import { rowsOfArray, rowsOfLines } from '../../contract/order-row.ts';
import { ordersFormat } from '../../contract/orders-format.ts';
import { parse } from '../../contract/parse.ts';
import { Problem } from '../../contract/problem.ts';
import { orderQuerySchema } from '../../contract/requests.ts';
import { readTrace } from '../../contract/trace-context.ts';
import { readText } from '../../contract/utf8-text.ts';
import type { Json } from '../../core/json.ts';
import type { Trace } from '../../core/order.ts';
import type { DirectAnswers } from '../../ports/direct-answers.ts';
import type { ApiRequest } from '../http/api-request.ts';
import type { ApiResponse } from '../http/http-api.ts';
import { httpApi } from '../http/http-api.ts';
import { answerOrReceipt } from './answer-or-receipt.ts';
import { createLookups } from './lookups.ts';
import { idempotencyKey } from './order-identity.ts';
import type { IntakePorts, Receipt } from './order-intake.ts';
import { maxOrderBytes, placeOne, prepareOrder } from './order-intake.ts';
import { placeBatch, withDefaults } from './place-batch.ts';
import { placeBinary } from './place-binary.ts';
import { placeEvent } from './place-event.ts';
import { readEvent } from './read-event.ts';
import { postOrderEvent } from './receive-event.ts';

export interface IngestPorts extends IntakePorts {
  readonly directAnswers: DirectAnswers;
}

export function makeIngest(ports: IngestPorts) {
  return httpApi([
    {
      method: 'POST',
      path: '/orders',
      readsQuery: true,
      handle: (request) => postOrders(request, ports),
    },
    {
      method: 'POST',
      path: '/orders/{orderId}/events',
      handle: (request) => postOrderEvent(request, ports),
    },
    {
      method: 'POST',
      path: '/events',
      handle: async (request) => {
        const { value, key, trace } = readEvent(request);
        return { status: 202, body: await placeEvent(value, { ...request, key, trace }, ports) };
      },
    },
  ]);
}

async function postOrders(request: ApiRequest, ports: IngestPorts): Promise<ApiResponse> {
  const { caller, requestId } = request;
  const key = idempotencyKey(request);
  const trace = traceOf(request);
  const { orderId, wait, ...defaults } = parse(orderQuerySchema, request.query);
  const until = wait === undefined ? undefined : ports.clock() + wait * 1000;
  const answer = async (receipt: Receipt) => {
    if (until === undefined) return { status: 202, body: receipt };
    return answerOrReceipt(receipt, until, request, ports.directAnswers);
  };
  const one = async (value: Json) => {
    const order = withDefaults(value, { orderId, ...defaults });
    const from = { caller, key, trace, scope: 'orders' };
    const placed = await prepareOrder(order, from, createLookups(ports), ports);
    return answer(await placeOne(placed, ports));
  };
  const batch = async (rows: readonly OrderRow[]) => {
    if (orderId !== undefined) throw oneOrderOnly('orderId', 'each with an id of its own');
    if (until !== undefined) throw oneOrderOnly('wait', 'only one order can be waited for');
    const from = { caller, requestId, key, trace, defaults };
    return { status: 202, body: await placeBatch(rows, from, ports) };
  };
  switch (ordersFormat(request.mediaType)) {
    case 'json': {
      const text = readText(request.body);
      const rows = rowsOfArray(text);
      return rows === undefined ? one(readJson(text)) : batch(rows);
    }
    case 'ndjson':
      return batch(rowsOfLines(readText(request.body)));
    case 'csv':
      return batch(rowsOfCsv(readText(request.body), maxOrderBytes(ports)));
    case undefined:
      return answer(await placeBinary(request, { orderId, ...defaults }, { key, trace }, ports));
  }
}

/** The trace in which the request stands: the orders that it places hang there. */
function traceOf({ headers }: ApiRequest): Trace | undefined {
  return readTrace(headers.traceparent, headers.tracestate);
}

function oneOrderOnly(path: 'orderId' | 'wait', why: string): Problem {
  const message = `${path}: the body holds many orders, ${why}`;
  return new Problem('INVALID_REQUEST', [{ path, message }]);
}
