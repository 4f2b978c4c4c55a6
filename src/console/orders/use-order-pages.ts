import { useState } from 'preact/hooks';
import type { OrderPage, OrderSummary } from '../messages.ts';
import { queryText } from '../query.ts';
import { api } from '../reading/api.ts';
import { noteFailure, type Polled, usePolled } from '../reading/use-polled.ts';
import type { OrderQuery } from './filter.ts';
import { joined } from './join-pages.ts';

const PAGE = '50';

export interface OrderPages {
  readonly rows?: readonly OrderSummary[];
  readonly newest: Polled<OrderPage>;
  /** Reads the next older page; undefined behind the last one. */
  readonly more?: {
    readonly read: () => void;
    readonly isBusy: boolean;
    readonly error?: Error;
    /** How far back the pages so far have looked. */
    readonly backTo?: string | undefined;
  };
}

interface Older {
  readonly key: string;
  readonly orders: readonly OrderSummary[];
  readonly next?: string | undefined;
  readonly backTo?: string | undefined;
  readonly isBusy: boolean;
  readonly error?: Error;
}

/** The newest page is read again and again; older ones stand as they were read, so that no row moves under the hand. */
export function useOrderPages(filter: OrderQuery): OrderPages {
  const key = queryText(filter);
  const newest = usePolled(`orders${key}`, (signal) =>
    api.orders({ ...filter, limit: PAGE }, signal),
  );
  const [older, setOlder] = useState<Older | undefined>();
  const own = older?.key === key ? older : undefined;
  if (newest.value === undefined) return { newest };
  const next = own === undefined ? newest.value.next : own.next;

  const backTo = own === undefined ? newest.value.searched?.backTo : own.backTo;

  const read = async () => {
    const before = { key, orders: own?.orders ?? [], next, backTo };
    setOlder({ ...before, isBusy: true });
    try {
      const page = await api.orders({ ...filter, limit: PAGE, next });
      const orders = joined(before.orders, page.orders);
      setOlder({ key, orders, next: page.next, backTo: page.searched?.backTo, isBusy: false });
    } catch (error) {
      noteFailure(error);
      setOlder({ ...before, isBusy: false, error: error as Error });
    }
  };

  return {
    rows: joined(newest.value.orders, own?.orders ?? []),
    newest,
    ...(next !== undefined && {
      more: {
        read: () => void read(),
        isBusy: own?.isBusy === true,
        backTo,
        ...(own?.error && { error: own.error }),
      },
    }),
  };
}
