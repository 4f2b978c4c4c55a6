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
import type { ApiRequest } from '../http/api-request.ts';
import { httpApi } from '../http/http-api.ts';
import { createLookups } from './lookups.ts';
import { idempotencyKey } from './order-identity.ts';
import type { IntakePorts } from './order-intake.ts';
import { maxOrderBytes, placeOne, prepareOrder } from './order-intake.ts';
import { placeBatch, withDefaults } from './place-batch.ts';
import { placeBinary } from './place-binary.ts';
import { placeEvent } from './place-event.ts';
import { readEvent } from './read-event.ts';

export function makeIngest(ports: IntakePorts) {
  return httpApi([
    { method: 'POST', path: '/orders', handle: (request) => postOrders(request, ports) },
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

async function postOrders(request: ApiRequest, ports: IntakePorts) {
  const { caller, requestId } = request;
  const key = idempotencyKey(request);
  const trace = traceOf(request);
  const { orderId, ...defaults } = parse(orderQuerySchema, request.query);
  const batch = async (rows: readonly OrderRow[]) => {
    if (orderId !== undefined) throw oneOrderOnly();
    return placeBatch(rows, { caller, requestId, key, trace, defaults }, ports);
  };
  const one = async (value: Json) => {
    const order = withDefaults(value, { orderId, ...defaults });
    const from = { caller, key, trace, scope: 'orders' };
    return placeOne(await prepareOrder(order, from, createLookups(ports), ports), ports);
  };
  const body = async (): Promise<object> => {
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
        return placeBinary(request, { orderId, ...defaults }, { key, trace }, ports);
    }
  };
  return { status: 202, body: await body() };
}

/** The trace in which the request stands: the orders that it places hang there. */
function traceOf({ headers }: ApiRequest): Trace | undefined {
  return readTrace(headers.traceparent, headers.tracestate);
}

function oneOrderOnly(): Problem {
  const message = 'orderId: the body holds many orders, each with an id of its own';
  return new Problem('INVALID_REQUEST', [{ path: 'orderId', message }]);
}
