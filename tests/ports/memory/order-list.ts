import { Problem } from '../../../src/contract/problem.ts';
import type { OrderState } from '../../../src/core/order.ts';
import { hasEnded } from '../../../src/core/order.ts';
import type { OrderList, OrderSummary } from '../../../src/ports/order-list.ts';
import type { MemoryJournal } from './journal.ts';

export function createMemoryOrderList(journal: MemoryJournal): OrderList {
  return {
    async page({ status, workflow, client, limit, next }) {
      const newestFirst = [...journal.all().values()]
        .flatMap((entries): OrderSummary[] => {
          const state = entries.at(-1)?.state;
          return state === undefined ? [] : [summaryOf(state)];
        })
        .sort((a, b) => (placeOf(a) < placeOf(b) ? 1 : -1));
      if (next !== undefined && !newestFirst.some((one) => placeOf(one) === next)) {
        throw new Problem('INVALID_REQUEST', [{ path: 'next', message: 'next: unknown' }]);
      }
      const matching = newestFirst.filter(
        (one) =>
          (next === undefined || placeOf(one) < next) &&
          (status === undefined || one.status === status) &&
          (workflow === undefined || one.workflow.name === workflow) &&
          (client === undefined || one.client === client),
      );
      const orders = matching.slice(0, limit);
      const last = orders.at(-1);
      return matching.length > limit && last ? { orders, next: placeOf(last) } : { orders };
    },
  };
}

function summaryOf(state: OrderState): OrderSummary {
  const { orderId, status, workflow, client, acceptedAt } = state;
  return {
    ...{ orderId, status, workflow, acceptedAt },
    ...(client === undefined ? {} : { client }),
    ...(hasEnded(state) ? { endedAt: state.endedAt } : {}),
  };
}

function placeOf({ acceptedAt, orderId }: OrderSummary): string {
  return `${new Date(acceptedAt).toISOString()}#${orderId}`;
}
