import { Problem } from '../../../src/contract/problem.ts';
import { matches, summaryOfState } from '../../../src/ports/order-filter.ts';
import type { OrderList, OrderSummary } from '../../../src/ports/order-list.ts';
import type { MemoryJournal } from './journal.ts';

export function createMemoryOrderList(journal: MemoryJournal): OrderList {
  return {
    async page({ limit, next, ...filter }) {
      const newestFirst = [...journal.all().values()]
        .flatMap((entries): OrderSummary[] => {
          const state = entries.at(-1)?.state;
          return state !== undefined && matches(state, filter) ? [summaryOfState(state)] : [];
        })
        .sort((a, b) => (placeOf(a) < placeOf(b) ? 1 : -1));
      if (next !== undefined && !/^\d{4}-.*#.+$/.test(next)) {
        throw new Problem('INVALID_REQUEST', [{ path: 'next', message: 'next: unknown' }]);
      }
      const matching = newestFirst.filter((one) => next === undefined || placeOf(one) < next);
      const orders = matching.slice(0, limit);
      const last = orders.at(-1);
      return matching.length > limit && last ? { orders, next: placeOf(last) } : { orders };
    },
  };
}

function placeOf({ acceptedAt, orderId }: OrderSummary): string {
  return `${new Date(acceptedAt).toISOString()}#${orderId}`;
}
