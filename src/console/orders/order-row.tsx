import { Age, Took } from '../elements/age.tsx';
import { Status } from '../elements/status.tsx';
import type { OrderSummary } from '../messages.ts';
import { orderPath } from '../router.ts';
import { codeWords } from '../words/error-words.ts';
import { orderStatusWords } from '../words/status-words.ts';
import { activityText, workflowText } from '../words/workflow-text.ts';

/** An order in the list: the whole row leads to it, but for the box that chooses it. */
export function OrderRow({
  row,
  isChosen,
  toggle,
}: {
  readonly row: OrderSummary;
  readonly isChosen: boolean;
  readonly toggle: () => void;
}) {
  const { orderId, status, workflow, acceptedAt, endedAt, error, paused, attributes } = row;
  return (
    <tr class={isChosen ? 'is-chosen' : undefined}>
      <td class="choice">
        <label>
          <input type="checkbox" checked={isChosen} onChange={toggle} />
          <span class="hidden">Choose {orderId}</span>
        </label>
      </td>
      <td>
        <Status words={orderStatusWords(status)} />
        <span class="narrow-only dim">
          <Age at={acceptedAt} />
        </span>
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
        {paused?.by !== undefined && (
          <span class="why dim">
            paused by {paused.by}
            {paused.reason !== undefined && `: ${paused.reason}`}
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
          {name} <strong title={String(value)}>{shortened(String(value))}</strong>
        </span>
      ))}
      {all.length > 4 && <span>and {all.length - 4} more</span>}
    </span>
  );
}

/** So much of a value tells an order from others; the rest is in the title, and on the order's page. */
const SHOWN = 60;

const shortened = (text: string) => (text.length > SHOWN ? `${text.slice(0, SHOWN)} …` : text);

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
