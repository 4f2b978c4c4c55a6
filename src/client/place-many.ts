import { defined } from '../core/defined.ts';
import type { Connection, TraceOptions } from './connection.ts';
import { BatonError } from './errors.ts';
import { NotJsonError, writeJson } from './json-text.ts';
import type { BatchReceipt, NewOrder, Receipt } from './messages.ts';

/** What the API answers well within its time: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const MOST_ORDERS = 200;
const MOST_CHARACTERS = 1_000_000;

/** What became of many orders. */
export interface Placed {
  /** `index` is the order's place in what was given, from 0. */
  readonly accepted: readonly (Receipt & { readonly index: number })[];
  /** Orders that are wrong. The others are placed all the same. */
  readonly rejected: readonly {
    readonly index: number;
    readonly code: string;
    readonly path?: string | undefined;
    readonly message: string;
  }[];
  /** To place the same orders again under this key makes no second orders. */
  readonly idempotencyKey: string;
}

export interface PlaceManyOptions extends TraceOptions {
  /** Default: one is made. */
  readonly idempotencyKey?: string;
  /** Called after each request, with the number of orders that were answered so far. */
  readonly onProgress?: (done: number, rejected: number) => void;
  readonly signal?: AbortSignal;
}

/** Not all orders were sent. Those in `placed` were; place all of them again under its key, and no order is made twice. */
export class PlacementError extends BatonError {
  override readonly name = 'PlacementError';
  readonly code: string;
  readonly placed: Placed;

  constructor(cause: unknown, placed: Placed) {
    super(
      `${placed.accepted.length + placed.rejected.length} orders were answered, then: ${(cause as Error).message}`,
      { cause },
    );
    this.code = cause instanceof BatonError ? cause.code : 'INTERRUPTED';
    this.placed = placed;
  }
}

/** Sends the orders in requests of up to 200, one after another. */
export async function placeMany(
  connection: Connection,
  orders: Iterable<NewOrder> | AsyncIterable<NewOrder>,
  options: PlaceManyOptions & { readonly idempotencyKey: string },
): Promise<Placed> {
  const { idempotencyKey, onProgress = () => undefined, signal } = options;
  const trace = defined({ traceparent: options.traceparent, tracestate: options.tracestate });
  const accepted: (Receipt & { index: number })[] = [];
  const rejected: Placed['rejected'][number][] = [];
  let number = 0;
  try {
    for await (const batch of batchesOf(orders, (order) => rejected.push(order))) {
      number += 1;
      const { body } = await connection.request<BatchReceipt>({
        method: 'POST',
        path: '/orders',
        body: `[${batch.map(({ json }) => json).join(',')}]`,
        mediaType: 'application/json',
        // The same orders are cut into the same batches, so that a key of a batch always stands for the same orders.
        idempotencyKey: `${idempotencyKey}/${number}`,
        repeatable: true,
        ...trace,
        signal,
      });
      const indexOf = (line: number) => batch[line - 1]?.index ?? -1;
      for (const { line, ...receipt } of body.accepted) {
        accepted.push({ ...receipt, index: indexOf(line) });
      }
      for (const { line, ...reason } of body.rejected) {
        rejected.push({ ...reason, index: indexOf(line) });
      }
      onProgress(accepted.length + rejected.length, rejected.length);
    }
  } catch (error) {
    throw new PlacementError(error, { accepted, rejected, idempotencyKey });
  }
  return { accepted, rejected, idempotencyKey };
}

interface Written {
  readonly index: number;
  readonly json: string;
}

/** The orders as JSON, in batches. Those that are not JSON are rejected here. */
async function* batchesOf(
  orders: Iterable<NewOrder> | AsyncIterable<NewOrder>,
  reject: (order: Placed['rejected'][number]) => void,
): AsyncGenerator<readonly Written[]> {
  let batch: Written[] = [];
  let characters = 0;
  let index = -1;
  for await (const order of orders) {
    index += 1;
    let json: string;
    try {
      json = writeJson(order, 'order');
    } catch (error) {
      if (!(error instanceof NotJsonError)) throw error;
      reject({ index, code: error.code, message: error.message });
      continue;
    }
    const isFull = batch.length === MOST_ORDERS || characters + json.length > MOST_CHARACTERS;
    if (batch.length > 0 && isFull) {
      yield batch;
      batch = [];
      characters = 0;
    }
    batch.push({ index, json });
    characters += json.length;
  }
  if (batch.length > 0) yield batch;
}
