import type { OrderSummary } from '../messages.ts';

/** Orders that failed for the same reason at the same plugin. */
export interface FailureGroup {
  readonly code: string;
  readonly plugin: string;
  readonly count: number;
  readonly latestAt: string;
  readonly latestOrderId: string;
}

/** The largest group first; of equally large ones, the latest. */
export function failureGroups(orders: readonly OrderSummary[]): readonly FailureGroup[] {
  const failed = orders.filter(({ status }) => status === 'failed');
  const groups = Map.groupBy(failed, ({ error }) => `${error?.code} ${error?.plugin}`);
  return [...groups.values()]
    .map((all) => {
      const [latest] = all.toSorted((a, b) => (endOf(a) < endOf(b) ? 1 : -1));
      return {
        code: latest?.error?.code ?? 'UNKNOWN',
        plugin: latest?.error?.plugin ?? '',
        count: all.length,
        latestAt: latest === undefined ? '' : endOf(latest),
        latestOrderId: latest?.orderId ?? '',
      };
    })
    .sort((a, b) => b.count - a.count || (a.latestAt < b.latestAt ? 1 : -1));
}

const endOf = ({ endedAt, acceptedAt }: OrderSummary) => endedAt ?? acceptedAt;
