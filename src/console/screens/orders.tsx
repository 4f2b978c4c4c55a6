import { useState } from 'preact/hooks';
import { ACT_WORDS } from '../acts/act-words.ts';
import { BulkDialog } from '../acts/bulk-dialog.tsx';
import { type BulkAct, bulkActs, operationFilter } from '../acts/operation-request.ts';
import { Age, Took } from '../elements/age.tsx';
import { Empty } from '../elements/empty.tsx';
import { Loading, Trouble } from '../elements/loading.tsx';
import { Problem } from '../elements/problem.tsx';
import { Status } from '../elements/status.tsx';
import type { OrderSummary } from '../messages.ts';
import { filterOf, type OrderQuery } from '../orders/filter.ts';
import { useOrderPages } from '../orders/use-order-pages.ts';
import { address, go, orderPath, to } from '../router.ts';
import { codeWords } from '../words/error-words.ts';
import { countText } from '../words/numbers.ts';
import { orderStatusWords } from '../words/status-words.ts';
import { activityText, workflowText } from '../words/workflow-text.ts';
import { FilterBar } from './order-filter.tsx';

export function OrdersScreen() {
  const filter = filterOf(address.value.searchParams);
  const pages = useOrderPages(filter);
  return (
    <>
      <div class="title">
        <h1>Orders</h1>
        <a class="primary" href={to('/new')}>
          New order
        </a>
      </div>
      <FilterBar filter={filter} change={(next) => go(to('/orders', next), { replace: true })} />
      {/* It stays when the list runs empty: its dialog shows how far an operation has come, which empties it. */}
      <BulkActs filter={filter} />
      {pages.rows === undefined ? (
        <Loading of={pages.newest} />
      ) : (
        <>
          <Trouble of={pages.newest} />
          <OrderTable rows={pages.rows} filter={filter} more={pages.more} />
        </>
      )}
    </>
  );
}

/** One act for all that the filter finds. Without a filter there is none: nobody means all orders there are. */
function BulkActs({ filter }: { readonly filter: OrderQuery }) {
  const [act, setAct] = useState<BulkAct | undefined>();
  const acts = bulkActs(filter.status);
  if (operationFilter(filter, 0) === undefined || acts.length === 0) return null;
  return (
    <div class="bulk">
      <span>All that match:</span>
      {acts.map((one) => (
        <button key={one} type="button" onClick={() => setAct(one)}>
          {ACT_WORDS[one].name}
        </button>
      ))}
      <a class="bulk-link" href={to('/operations')}>
        Operations so far
      </a>
      {act && <BulkDialog act={act} filter={filter} close={() => setAct(undefined)} />}
    </div>
  );
}

function OrderTable({
  rows,
  filter,
  more,
}: {
  readonly rows: readonly OrderSummary[];
  readonly filter: OrderQuery;
  readonly more: ReturnType<typeof useOrderPages>['more'];
}) {
  if (rows.length === 0 && more === undefined) return <NoOrders filter={filter} />;
  return (
    <>
      {rows.length > 0 && (
        <table class="orders">
          <caption class="hidden">Orders, the newest first</caption>
          <thead>
            <tr>
              <th scope="col">Status</th>
              <th scope="col">Order</th>
              <th scope="col" class="wide">
                Workflow
              </th>
              <th scope="col" class="wide">
                Tasks
              </th>
              <th scope="col" class="wide">
                Accepted
              </th>
              <th scope="col" class="wide">
                Took
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <OrderRow key={row.orderId} row={row} />
            ))}
          </tbody>
        </table>
      )}
      <p class="foot">
        {countText(rows.length, 'order')}
        {more !== undefined && (
          <>
            {rows.length === 0 ? ' found so far' : ' shown'}
            {more.backTo !== undefined && (
              <>
                ; looked at all that were accepted until <Age at={more.backTo} />
              </>
            )}
            .{' '}
            <button type="button" disabled={more.isBusy} onClick={more.read}>
              {more.isBusy ? 'Looking …' : 'Look further back'}
            </button>
          </>
        )}
      </p>
      {more?.error !== undefined && <Problem error={more.error} />}
    </>
  );
}

function OrderRow({ row }: { readonly row: OrderSummary }) {
  const { orderId, status, workflow, acceptedAt, endedAt, error, attributes } = row;
  return (
    <tr>
      <td>
        <Status words={orderStatusWords(status)} />
      </td>
      <td>
        <a class="row-link id" href={orderPath(orderId)}>
          {orderId}
        </a>
        <AttributeTags attributes={attributes} />
        {error && (
          <span class="why">
            {error.plugin}: {codeWords(error.code)}
          </span>
        )}
      </td>
      <td class="wide">
        {workflowText(workflow.name)} <span class="dim">v{workflow.version}</span>
      </td>
      <td class="wide">
        <Progress row={row} />
      </td>
      <td class="wide">
        <Age at={acceptedAt} />
      </td>
      <td class="wide number">
        <Took from={acceptedAt} to={endedAt} />
      </td>
    </tr>
  );
}

/** What people know an order by. */
function AttributeTags({ attributes = {} }: Pick<OrderSummary, 'attributes'>) {
  const all = Object.entries(attributes);
  if (all.length === 0) return null;
  return (
    <span class="tags">
      {all.slice(0, 4).map(([name, value]) => (
        <span key={name}>
          {name} <strong>{String(value)}</strong>
        </span>
      ))}
      {all.length > 4 && <span>and {all.length - 4} more</span>}
    </span>
  );
}

/** How many of its tasks are done; where it stands while it goes on. */
function Progress({ row: { tasks, activity, status } }: { readonly row: OrderSummary }) {
  if (tasks === undefined) return <span class="dim">–</span>;
  return (
    <span class="progress">
      <progress max={Math.max(1, tasks.total)} value={tasks.done} aria-label="Tasks done" />
      <span class="dim">
        {tasks.done} of {tasks.total}
        {activity !== undefined && status !== 'completed' && `, in ${activityText(activity)}`}
      </span>
    </span>
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
