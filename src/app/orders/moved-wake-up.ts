import { isDeepStrictEqual } from 'node:util';
import type { JournalEntry } from '../../core/journal-entry.ts';
import type { OrderState } from '../../core/order.ts';

/**
 * Whether the entry has done nothing but move the instant at which a sweep looks at the order again. It stands in the journal; to people,
 * nothing has happened.
 */
export function onlyMovesWakeUp(
  { events, state }: JournalEntry,
  before: JournalEntry | undefined,
): boolean {
  if (before === undefined || events.some(({ type }) => type !== 'DeadlinePassed')) return false;
  return isDeepStrictEqual(apartFromWakeUp(state), apartFromWakeUp(before.state));
}

function apartFromWakeUp(state: OrderState): object {
  const { entry: _, wakeUp: __, wakeUpBefore: ___, stoodIn: ____, ...rest } = state as Moving;
  return rest;
}

type Moving = OrderState & {
  readonly wakeUpBefore?: unknown;
  readonly stoodIn?: unknown;
};
