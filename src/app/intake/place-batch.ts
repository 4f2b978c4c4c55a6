import type { OrderRow } from '../../contract/order-row.ts';
import type { ProblemCode } from '../../contract/problem.ts';
import { Problem } from '../../contract/problem.ts';
import type { OrderPlaced } from '../../core/event.ts';
import type { Json } from '../../core/json.ts';
import type { Placed } from '../../engine/placing.ts';
import { placeAll } from '../../engine/placing.ts';
import { createLookups } from './lookups.ts';
import type { IntakePorts, Receipt, Request } from './order-intake.ts';
import { prepareOrder, receiptOf } from './order-intake.ts';

/** What is wrong with a row is said in one sentence, of so many parts at most. */
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

/** What a row says that does not say so itself. */
export interface RowDefaults {
  readonly client?: string | undefined;
  readonly workflow?: string | undefined;
}

/** Places the orders of all rows that are in order, whatever the others are. */
export async function placeBatch(
  rows: readonly OrderRow[],
  { defaults, ...from }: Omit<Request, 'scope'> & { readonly defaults: RowDefaults },
  ports: IntakePorts,
): Promise<BatchReceipt> {
  if (rows.length === 0) throw new Problem('INVALID_REQUEST', 'the body holds no order');
  const lookups = createLookups(ports);
  const rejected: RejectedRow[] = [];
  const prepared = await Promise.all(
    rows.map(async (row): Promise<readonly [number, OrderPlaced][]> => {
      const { line } = row;
      return refusals(line, rejected, async () => {
        if ('problem' in row) throw row.problem;
        const scope = `orders#${line}`;
        const value = withDefaults(row.value, defaults);
        return [line, await prepareOrder(value, { ...from, scope }, lookups, ports)];
      });
    }),
  );
  const candidates = prepared.flat();
  const first = new Map<string, OrderPlaced>();
  for (const [, event] of candidates) {
    if (!first.has(event.orderId)) first.set(event.orderId, event);
  }
  const byId = await placeInTurns([...first.values()], ports);
  const accepted = await Promise.all(
    candidates.map(([line, event]) =>
      refusals(line, rejected, async () => {
        const { outcome, state } = byId.get(event.orderId) ?? missing(event.orderId);
        const same = first.get(event.orderId)?.fingerprint === event.fingerprint;
        const receipt = receiptOf({ state, outcome: same ? outcome : 'conflicting' });
        return { line, ...receipt };
      }),
    ),
  );
  return { accepted: accepted.flat(), rejected: rejected.sort((a, b) => a.line - b.line) };
}

export function withDefaults(
  value: Json,
  { client, workflow, orderId }: RowDefaults & { readonly orderId?: string | undefined },
): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return {
    ...(client === undefined ? {} : { client }),
    ...(orderId === undefined ? {} : { orderId }),
    ...(workflow === undefined || 'workflow' in value || 'todo' in value ? {} : { workflow }),
    ...value,
  };
}

async function placeInTurns(
  events: readonly OrderPlaced[],
  ports: IntakePorts,
): Promise<ReadonlyMap<string, Placed>> {
  const placed = new Map<string, Placed>();
  for (let from = 0; from < events.length; from += ROWS_AT_ONCE) {
    const turn = events.slice(from, from + ROWS_AT_ONCE);
    for (const one of await placeAll(turn, ports)) placed.set(one.state.orderId, one);
  }
  return placed;
}

/** What `attempt` gives, in a list; a problem goes to the rejected rows instead. */
async function refusals<T>(
  line: number,
  rejected: RejectedRow[],
  attempt: () => Promise<T>,
): Promise<readonly T[]> {
  try {
    return [await attempt()];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { code, errors } = error;
    const path = errors[0]?.path;
    const message = errors
      .slice(0, MAX_REASONS)
      .map((detail) => detail.message)
      .join('; ');
    rejected.push({ line, code, ...(path === undefined ? {} : { path }), message });
    return [];
  }
}

function missing(orderId: string): never {
  throw new Error(`order ${orderId} was not placed`);
}
