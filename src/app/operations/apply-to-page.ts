import { defined } from '../../core/defined.ts';
import type { EnginePorts } from '../../engine/engine-ports.ts';
import type { Applied, Operation, Operations, PageUnderWay } from '../../ports/operations.ts';
import { logger } from '../logger.ts';
import { applyAct } from './apply-act.ts';

/** Orders of a page that are advanced at once. */
const AT_ONCE = 10;

/** After this many tries an order counts as refused, so that it does not hold up the others. */
const MAX_TRIES = 5;

/** Repeats of a page that may die over one order; then it counts as refused. */
const DEATHS_ALLOWED = 3;

/** Counts as refused, though it may have been done. */
const GIVEN_UP: Applied = { refused: 'INTERNAL' };

/**
 * Does what is left of a page. Before each few orders it writes down what became of those behind them, so that a page that comes again
 * goes on from there, however often its process dies. A page that comes again does its orders one by one: what dies then has died
 * over the order that was written down. Where the operation has been stopped meanwhile, it ends what has been begun, and begins no others.
 * @param receiveCount 1 at the first delivery of the page's message
 * @returns by order: what became of it
 * @throws the first failure that may pass, after all other orders have been tried
 */
export async function applyToPage(
  operation: Operation,
  underWay: PageUnderWay,
  receiveCount: number,
  ports: EnginePorts & { readonly operations: Operations },
): Promise<ReadonlyMap<string, Applied>> {
  const { operationId } = operation;
  const applied = new Map(Object.entries(underWay.applied ?? {}));
  const failures: Error[] = [];
  const left = suspectsFirst(underWay);
  const deaths = deathsOver(left[0], underWay);
  if (left[0] !== undefined && deaths >= DEATHS_ALLOWED) {
    logger.error('act given up: each repeat died over it', { operationId, orderId: left[0] });
    applied.set(left[0], GIVEN_UP);
    left.shift();
  }
  const isRepeat = receiveCount > 1;
  const atOnce = isRepeat ? 1 : AT_ONCE;
  let begun = Math.max(AT_ONCE, underWay.begun ?? 0);
  for (let from = 0; from < left.length; from += atOnce) {
    const some = left.slice(from, from + atOnce);
    if (isRepeat || from > 0) {
      const isSuspect = deaths > 0 && some[0] === underWay.trying?.[0];
      const upTo = underWay.orderIds.indexOf(some.at(-1) ?? '') + 1;
      const isBegun = upTo <= begun;
      const at = { trying: some, begun: Math.max(begun, upTo), ...(isSuspect && { deaths }) };
      const standing = await note(at, isBegun);
      if (standing?.status === 'stopped' && !isBegun) break;
      begun = at.begun;
    }
    const outcomes = await Promise.allSettled(some.map((id) => applyAct(operation, id, ports)));
    for (const [index, outcome] of outcomes.entries()) {
      const orderId = some[index] ?? '';
      if (outcome.status === 'fulfilled') {
        applied.set(orderId, outcome.value);
        continue;
      }
      const error = outcome.reason as Error;
      logger.error('act not applied', { operationId, orderId, error });
      if (receiveCount >= MAX_TRIES) applied.set(orderId, GIVEN_UP);
      else failures.push(error);
    }
  }
  if (failures.length > 0) {
    await note({ begun });
    throw failures[0];
  }
  return applied;

  /** @param evenIfStopped whether a stopped operation still ends what it is at */
  function note(
    at: Pick<PageUnderWay, 'trying' | 'deaths'> & { readonly begun: number },
    evenIfStopped = true,
  ) {
    return ports.operations.change(operationId, (one) => {
      if (one.page !== operation.page || one.underWay === undefined) return undefined;
      if (one.status === 'stopped' && !evenIfStopped) return undefined;
      const { orderIds, after, applied: before, begun: atLeast = 0 } = one.underWay;
      const behind = { ...before, ...Object.fromEntries(applied) };
      const upTo = Math.max(atLeast, at.begun);
      const page = { orderIds, ...defined({ after }), applied: behind, ...at, begun: upTo };
      return { ...one, underWay: page };
    });
  }
}

/** The orders that are left, those first over which the page may have died. */
function suspectsFirst({ orderIds, applied = {}, trying = [] }: PageUnderWay): string[] {
  const left = orderIds.filter((id) => !Object.hasOwn(applied, id));
  return [
    ...left.filter((id) => trying.includes(id)),
    ...left.filter((id) => !trying.includes(id)),
  ];
}

/** How many times in a row the page has died over this order alone. */
function deathsOver(orderId: string | undefined, { trying, deaths = 0 }: PageUnderWay): number {
  return trying?.length === 1 && trying[0] === orderId ? deaths + 1 : 0;
}
