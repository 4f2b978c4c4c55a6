import type { OrderRow } from '../../contract/order-row.ts';
import type { ProblemCode } from '../../contract/problem.ts';
import { Problem } from '../../contract/problem.ts';
import { defined } from '../../core/defined.ts';
import type { OrderPlaced } from '../../core/event.ts';
import type { Json } from '../../core/json.ts';
import type { NotPlaced, Placed } from '../../engine/placing.ts';
import { placeAll } from '../../engine/placing.ts';
import { problemOf } from '../http/problem-of.ts';
import { createLookups } from './lookups.ts';
import type { IntakePorts, Receipt, Request } from './order-intake.ts';
import { prepareOrder, receiptOf } from './order-intake.ts';

/** How much of what is wrong with a row its message says. */
const MAX_REASONS = 3;

/** As many calls to the table at once as its connections carry without waiting for each other. */
const ROWS_AT_ONCE = 100;

/** What became of each row of a request that holds many orders. */
export interface BatchReceipt {
  readonly accepted: readonly ({ readonly line: number } & Receipt)[];
  readonly rejected: readonly RejectedRow[];
}

export interface RejectedRow {
  readonly line: number;
  readonly code: ProblemCode;
  readonly path?: string;
  readonly message: string;
}

/** What the request says for rows that do not say it themselves. */
export interface RowDefaults {
  readonly client?: string | undefined;
  readonly workflow?: string | undefined;
}

/**
 * Places the orders of all rows that are good, whatever the others are. What keeps one row from being stored rejects that row
 * only.
 * @throws {Problem} UNAVAILABLE when it keeps every row from being stored: then the whole request may be repeated.
 */
export async function placeBatch(
  rows: readonly OrderRow[],
  { defaults, requestId, ...from }: BatchRequest,
  ports: IntakePorts,
): Promise<BatchReceipt> {
  if (rows.length === 0) throw new Problem('INVALID_REQUEST', 'the body holds no order');
  const lookups = createLookups(ports);
  const rejected: RejectedRow[] = [];
  const reject = (line: number, error: unknown) => {
    rejected.push(rejectedRow(line, problemOf(error, { requestId, line })));
    return [];
  };
  const prepared = await Promise.all(
    rows.map(async (row): Promise<readonly Candidate[]> => {
      const { line } = row;
      try {
        if ('problem' in row) throw row.problem;
        const scope = `orders#${line}`;
        const value = withDefaults(row.value, defaults);
        return [{ line, event: await prepareOrder(value, { ...from, scope }, lookups, ports) }];
      } catch (error) {
        return reject(line, error);
      }
    }),
  );
  const candidates = prepared.flat();
  const first = new Map<string, OrderPlaced>();
  for (const { event } of candidates) {
    if (!first.has(event.orderId)) first.set(event.orderId, event);
  }
  const byId = await placeInTurns([...first.values()], ports);
  const accepted = candidates.flatMap(({ line, event }) => {
    try {
      const same = first.get(event.orderId)?.fingerprint === event.fingerprint;
      return [{ line, ...receiptOfRow(byId.get(event.orderId), same) }];
    } catch (error) {
      return reject(line, error);
    }
  });
  if (rejected.length === rows.length && rejected.every(({ code }) => code === 'UNAVAILABLE')) {
    throw new Problem('UNAVAILABLE', `no order was placed; ${rejected[0]?.message}`);
  }
  return { accepted, rejected: rejected.sort((a, b) => a.line - b.line) };
}

interface BatchRequest extends Omit<Request, 'scope'> {
  readonly defaults: RowDefaults;
}

/** An order that may be placed, and the row that asks for it. */
interface Candidate {
  readonly line: number;
  readonly event: OrderPlaced;
}

/** @param same whether the row says what the first row with its order id says. */
function receiptOfRow(placing: Placed | NotPlaced | undefined, same: boolean): Receipt {
  if (placing === undefined) throw new Error('nothing became of the order');
  if (placing.outcome === 'failed') throw placing.error;
  return receiptOf(same ? placing : { ...placing, outcome: 'conflicting' });
}

/** The order, with what it leaves open filled in. */
export function withDefaults(
  value: Json,
  { client, workflow, orderId }: RowDefaults & { readonly orderId?: string | undefined },
): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const runs = Object.hasOwn(value, 'workflow') || Object.hasOwn(value, 'todo');
  return { ...defined({ client, orderId, workflow: runs ? undefined : workflow }), ...value };
}

async function placeInTurns(
  events: readonly OrderPlaced[],
  ports: IntakePorts,
): Promise<ReadonlyMap<string, Placed | NotPlaced>> {
  const placings = new Map<string, Placed | NotPlaced>();
  for (let from = 0; from < events.length; from += ROWS_AT_ONCE) {
    const turn = events.slice(from, from + ROWS_AT_ONCE);
    const placed = await placeAll(turn, ports);
    placed.forEach((placing, index) => {
      placings.set(turn[index]?.orderId ?? '', placing);
    });
  }
  return placings;
}

function rejectedRow(line: number, { code, errors }: Problem): RejectedRow {
  const message = errors
    .slice(0, MAX_REASONS)
    .map((detail) => detail.message)
    .join('; ');
  return defined({ line, code, path: errors[0]?.path, message });
}
