import { useRef, useState } from 'preact/hooks';
import type { OrderPage, OrderSummary } from '../messages.ts';
import { queryText } from '../query.ts';
import { api } from '../reading/api.ts';
import { noteFailure, type Polled, usePolled } from '../reading/use-polled.ts';
import { isBackAgain } from '../router.ts';
import type { OrderQuery } from './filter.ts';
import { type Shown, withNewest, withOlder } from './join-pages.ts';

const PAGE = '50';

export interface OrderPages {
  readonly rows?: readonly OrderSummary[];
  readonly newest: Polled<OrderPage>;
  /** Where orders are missing in between. */
  readonly gap?: {
    readonly after: string;
    /** Reads the list again from its newest page. */
    readonly close: () => void;
  };
  /** Reads the next older page; undefined behind the last one. */
  readonly more?: {
    readonly read: () => void;
    readonly isBusy: boolean;
    readonly error?: Error;
    /** How far back the pages so far have looked. */
    readonly backTo?: string | undefined;
  };
}

interface List {
  readonly key: string;
  /** The newest page as it was read last. */
  readonly page?: OrderPage;
  readonly shown: Shown<OrderSummary>;
}

/** The list that was shown last: whoever comes back from one of its orders finds it as it was. */
let latest: List | undefined;

/** The newest page is read again and again; older rows stand as they were read, so that none moves under the hand. */
export function useOrderPages(filter: OrderQuery): OrderPages {
  const key = queryText(filter);
  const newest = usePolled(`orders${key}`, (signal) =>
    api.orders({ ...filter, limit: PAGE }, signal),
  );
  const [looking, setLooking] = useState<{ key: string; isBusy: boolean; error?: Error }>();
  const list = useRef(isBackAgain() ? latest : undefined);
  if (list.current?.key !== key) list.current = undefined;
  if (newest.value !== undefined && newest.value !== list.current?.page) {
    const shown = withNewest(list.current?.shown, newest.value);
    list.current = { key, page: newest.value, shown };
  }
  latest = list.current ?? latest;
  if (list.current === undefined) return { newest };
  const { shown } = list.current;
  const { next, backTo } = shown.ends.at(-1) ?? {};
  const own = looking?.key === key ? looking : undefined;

  const read = async () => {
    setLooking({ key, isBusy: true });
    try {
      const page = await api.orders({ ...filter, limit: PAGE, next });
      const now = list.current;
      const isSameEnd = now?.key === key && now.shown.ends.at(-1)?.next === next;
      if (isSameEnd) list.current = { ...now, shown: withOlder(now.shown, page) };
      setLooking({ key, isBusy: false });
    } catch (error) {
      noteFailure(error);
      setLooking({ key, isBusy: false, error: error as Error });
    }
  };

  const close = () => {
    if (newest.value === undefined) return;
    list.current = { key, page: newest.value, shown: withNewest(undefined, newest.value) };
    setLooking({ key, isBusy: false });
  };

  return {
    rows: shown.rows,
    newest,
    ...(shown.gapAfter !== undefined && { gap: { after: shown.gapAfter, close } }),
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
