import { Empty } from '../elements/empty.tsx';
import type { SystemStatus } from '../messages.ts';
import { to } from '../router.ts';
import { estimateText } from '../words/numbers.ts';
import { ACTIVE } from '../words/status-words.ts';
import { isListOfPlugins, workflowText } from '../words/workflow-text.ts';

export function ByWorkflow({ status: { orders } }: { readonly status: SystemStatus }) {
  const all = Object.entries(orders.byWorkflow).sort(([, a], [, b]) => b - a);
  const isEstimate = orders.byWorkflowApproximate === true;
  return (
    <section class="card">
      <h2>Active by workflow</h2>
      {all.length === 0 ? (
        <Empty title="No order is active.">
          <p>
            Place one: <a href={to('/new')}>New order</a>, or{' '}
            <code>npx baton submit --todo 'A;B' --input 5</code>
          </p>
        </Empty>
      ) : (
        <ul class="lines">
          {all.slice(0, 10).map(([name, count]) => (
            <li key={name}>
              <a
                href={to('/orders', {
                  status: ACTIVE,
                  ...(!isListOfPlugins(name) && { workflow: name }),
                })}
              >
                <span class="count">{estimateText(count, isEstimate)}</span>
                <span>{workflowText(name)}</span>
              </a>
            </li>
          ))}
        </ul>
      )}
      {isEstimate && (
        <p class="dim">
          Estimated from a sample of the active orders. Workflows with few of them may be missing.
        </p>
      )}
    </section>
  );
}
