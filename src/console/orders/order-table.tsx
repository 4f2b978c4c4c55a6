import { type Column, TableHead } from '../elements/table-head.tsx';
import type { OrderSummary } from '../messages.ts';
import { allOrNone, type Choice, toggled } from './choice.ts';
import { OrderRow } from './order-row.tsx';
import type { OrderPages } from './use-order-pages.ts';

const COLUMNS: readonly Column[] = [
  ['Status'],
  ['Order'],
  ['Workflow', 'wide'],
  ['Tasks', 'wide'],
  ['Accepted', 'wide'],
  ['Took', 'wide number'],
];

export function OrderTable({
  rows,
  gap,
  choice,
  choose,
}: {
  readonly rows: readonly OrderSummary[];
  readonly gap?: OrderPages['gap'];
  readonly choice: Choice;
  readonly choose: (choice: Choice) => void;
}) {
  const shown = rows.map(({ orderId }) => orderId);
  const chosen = shown.filter((orderId) => choice.has(orderId)).length;
  return (
    <table class="orders">
      <caption class="hidden">Orders, the newest first</caption>
      <TableHead columns={COLUMNS}>
        <th scope="col" class="choice">
          <label>
            <input
              type="checkbox"
              checked={chosen === shown.length}
              indeterminate={chosen > 0 && chosen < shown.length}
              onChange={() => choose(allOrNone(choice, shown))}
            />
            <span class="hidden">Choose all that are shown</span>
          </label>
        </th>
      </TableHead>
      <tbody>
        {rows.flatMap((row) => [
          <OrderRow
            key={row.orderId}
            row={row}
            isChosen={choice.has(row.orderId)}
            toggle={() => choose(toggled(choice, row.orderId))}
          />,
          ...(gap?.after === row.orderId ? [<GapRow key="gap" close={gap.close} />] : []),
        ])}
      </tbody>
    </table>
  );
}

/** Between two looks, more orders came in than a page holds. */
function GapRow({ close }: { readonly close: () => void }) {
  return (
    <tr class="gap">
      <td colSpan={COLUMNS.length + 1}>
        More orders came in at once than are read at a time. Some are missing here.{' '}
        <button type="button" onClick={close}>
          Read the list again
        </button>
      </td>
    </tr>
  );
}
