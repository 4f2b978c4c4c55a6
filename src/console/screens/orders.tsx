import { useState } from 'preact/hooks';
import { BulkActs } from '../acts/bulk-acts.tsx';
import { ChosenActs } from '../acts/chosen-acts.tsx';
import { Empty } from '../elements/empty.tsx';
import { Loading, Trouble } from '../elements/loading.tsx';
import { type Choice, NOTHING_CHOSEN } from '../orders/choice.ts';
import { filterOf, type OrderQuery } from '../orders/filter.ts';
import { LookFurther } from '../orders/look-further.tsx';
import { FilterBar } from '../orders/order-filter.tsx';
import { OrderTable } from '../orders/order-table.tsx';
import { useOrderPages } from '../orders/use-order-pages.ts';
import { ViewBar } from '../orders/view-bar.tsx';
import { address, go, to } from '../router.ts';

export function OrdersScreen() {
  const filter = filterOf(address.value.searchParams);
  const pages = useOrderPages(filter);
  const [choice, choose] = useState<Choice>(NOTHING_CHOSEN);
  const { rows, newest, more } = pages;
  return (
    <>
      <div class="title">
        <h1>Orders</h1>
        <a class="primary" href={to('/new')}>
          New order
        </a>
      </div>
      <FilterBar
        filter={filter}
        change={(next) => {
          choose(NOTHING_CHOSEN);
          go(to('/orders', next), { replace: true });
        }}
      />
      <ViewBar filter={filter} />
      {/* Both stay when the list runs empty: their dialogs show how far an act has come, which empties it. */}
      <BulkActs filter={filter} />
      <ChosenActs
        chosen={(rows ?? []).filter(({ orderId }) => choice.has(orderId))}
        clear={() => choose(NOTHING_CHOSEN)}
      />
      {rows === undefined ? (
        <Loading of={newest} />
      ) : (
        <>
          <Trouble of={newest} />
          {rows.length > 0 && <OrderTable rows={rows} choice={choice} choose={choose} />}
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
