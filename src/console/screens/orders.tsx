import { useRef, useState } from 'preact/hooks';
import { BulkActs } from '../acts/bulk-acts.tsx';
import { ChosenActs } from '../acts/chosen-acts.tsx';
import { Empty } from '../elements/empty.tsx';
import { Loading, Trouble } from '../elements/loading.tsx';
import type { OrderSummary } from '../messages.ts';
import { type Choice, chosenOf, NOTHING_CHOSEN } from '../orders/choice.ts';
import { filterOf, type OrderQuery } from '../orders/filter.ts';
import { LookFurther } from '../orders/look-further.tsx';
import { FilterBar } from '../orders/order-filter.tsx';
import { OrderTable } from '../orders/order-table.tsx';
import { useOrderPages } from '../orders/use-order-pages.ts';
import { ViewBar } from '../orders/view-bar.tsx';
import { queryText } from '../query.ts';
import { address, go, to } from '../router.ts';

export function OrdersScreen() {
  const filter = filterOf(address.value.searchParams);
  const { rows, newest, gap, more } = useOrderPages(filter);
  const { choice, chosen, choose } = useChoice(queryText(filter), rows ?? []);
  const shown = new Set(rows?.map(({ orderId }) => orderId));
  return (
    <>
      <div class="title">
        <h1>Orders</h1>
        <a class="primary" href={to('/new')}>
          New order
        </a>
      </div>
      <FilterBar filter={filter} change={(next) => go(to('/orders', next), { replace: true })} />
      <ViewBar filter={filter} />
      {/* Both stay when the list runs empty: their dialogs show how far an act has come, which empties it. */}
      <BulkActs filter={filter} isAside={chosen.length > 0} />
      <ChosenActs
        chosen={chosen}
        unseen={chosen.filter(({ orderId }) => !shown.has(orderId)).length}
        clear={() => choose(NOTHING_CHOSEN)}
      />
      {rows === undefined ? (
        <Loading of={newest} />
      ) : (
        <>
          <Trouble of={newest} />
          {rows.length > 0 && <OrderTable rows={rows} gap={gap} choice={choice} choose={choose} />}
          {rows.length === 0 && more === undefined ? (
            <NoOrders filter={filter} />
          ) : (
            <LookFurther count={rows.length} more={more} />
          )}
        </>
      )}
    </>
  );
}

/** The orders that are chosen in one list; another filter is another list. */
function useChoice(key: string, rows: readonly OrderSummary[]) {
  const [held, hold] = useState({ key, choice: NOTHING_CHOSEN });
  const choice = held.key === key ? held.choice : NOTHING_CHOSEN;
  const seen = useRef<readonly OrderSummary[]>([]);
  const chosen = chosenOf(choice, rows, seen.current);
  seen.current = chosen;
  return { choice, chosen, choose: (choice: Choice) => hold({ key, choice }) };
}

function NoOrders({ filter }: { readonly filter: OrderQuery }) {
  if (Object.keys(filter).length > 0) {
    return (
      <Empty title="No order matches.">
        <a href={to('/orders')}>Show all orders</a>
      </Empty>
    );
  }
  return (
    <Empty title="There are no orders yet.">
      <p>
        <a href={to('/new')}>Place the first one</a>, or in a shell:
      </p>
      <code>npx baton submit --todo 'A;B' --input 5</code>
    </Empty>
  );
}
