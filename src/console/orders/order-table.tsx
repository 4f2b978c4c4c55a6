import { type Column, TableHead } from '../elements/table-head.tsx';
import type { OrderSummary } from '../messages.ts';
import { allOrNone, type Choice, toggled } from './choice.ts';
import { OrderRow } from './order-row.tsx';

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
  choice,
  choose,
}: {
  readonly rows: readonly OrderSummary[];
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
        {rows.map((row) => (
          <OrderRow
            key={row.orderId}
            row={row}
            isChosen={choice.has(row.orderId)}
            toggle={() => choose(toggled(choice, row.orderId))}
          />
        ))}
      </tbody>
    </table>
  );
}
