import type { OrderQuery } from '../orders/filter.ts';
import { ATTRIBUTE, FILTERS } from '../orders/filter.ts';

export type BulkAct = 'retry' | 'resume' | 'pause' | 'cancel';

/** Of the list's filters, those that an operation takes. */
const TAKEN: readonly string[] = FILTERS.filter((name) => name !== 'stuck');

/**
 * The list's filter as an operation takes it. The end of the time is fixed: orders that come in later are not meant.
 * @returns undefined where nothing is named, or something that an operation cannot ask for
 */
export function operationFilter(filter: OrderQuery, nowMs: number): object | undefined {
  const names = Object.keys(filter);
  const others = names.filter((name) => !TAKEN.includes(name) && !name.startsWith(ATTRIBUTE));
  if (names.length === 0 || others.length > 0) return undefined;
  const attributes = Object.fromEntries(
    Object.entries(filter).flatMap(([name, value]) =>
      name.startsWith(ATTRIBUTE) ? [[name.slice(ATTRIBUTE.length), value]] : [],
    ),
  );
  const own = Object.fromEntries(
    Object.entries(filter).filter(([name]) => !name.startsWith(ATTRIBUTE)),
  );
  return {
    ...own,
    ...(own.version !== undefined && { version: Number(own.version) }),
    ...(Object.keys(attributes).length > 0 && { attributes }),
    ...(own.to === undefined && { to: new Date(nowMs).toISOString() }),
  };
}

/** The acts that may fit orders with these statuses. */
export function bulkActs(status: OrderQuery[string] | undefined): readonly BulkAct[] {
  const asked = [status ?? []].flat();
  const all: readonly BulkAct[] = ['retry', 'resume', 'pause', 'cancel'];
  if (asked.length === 0) return all;
  const fits: Readonly<Record<BulkAct, readonly string[]>> = {
    retry: ['failed', 'paused'],
    resume: ['paused'],
    pause: ['accepted', 'running', 'waiting'],
    cancel: ['accepted', 'running', 'waiting', 'paused'],
  };
  return all.filter((act) => asked.some((one) => fits[act].includes(one)));
}
