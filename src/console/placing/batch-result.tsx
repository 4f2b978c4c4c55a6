import { TableHead } from '../elements/table-head.tsx';
import type { BatchReceipt } from '../messages.ts';
import { orderPath } from '../router.ts';
import { countText } from '../words/numbers.ts';

/** What became of each row of a file. */
export function BatchResult({ batch: { accepted, rejected } }: { readonly batch: BatchReceipt }) {
  const rows = [...accepted, ...rejected].sort((a, b) => a.line - b.line);
  return (
    <section class="card" aria-live="polite">
      <h2>
        {countText(accepted.length, 'order')} placed
        {rejected.length > 0 && `, ${countText(rejected.length, 'row')} refused`}
      </h2>
      {rejected.length > 0 && (
        <p class="dim">The others are on their way. Mend the refused rows, and send only these.</p>
      )}
      <table>
        <TableHead columns={[['Row'], ['Result']]} />
        <tbody>
          {rows.map((row) => (
            <tr key={row.line}>
              <td>{row.line}</td>
              <td>
                {'orderId' in row ? (
                  <a class="row-link id" href={orderPath(row.orderId)}>
                    {row.orderId}
                  </a>
                ) : (
                  <span class="why">
                    {row.path !== undefined && !row.message.includes(row.path) && `${row.path}: `}
                    {row.message}
                  </span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
