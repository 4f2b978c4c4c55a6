import type { OrderFilter } from '../../ports/order-list.ts';

/** A filter as a request has it: its instants are text. */
export type RequestedFilter = Omit<OrderFilter, 'from' | 'to'> & {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
};

/** The filter that a request asks for. */
export function filterOf({ from, to, ...filter }: RequestedFilter): OrderFilter {
  return {
    ...filter,
    from: from === undefined ? undefined : Date.parse(from),
    to: to === undefined ? undefined : Date.parse(to),
  };
}
