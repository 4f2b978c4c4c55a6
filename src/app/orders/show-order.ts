import type { JournalEntry } from '../../core/journal-entry.ts';
import { placedEvent } from '../../core/journal-entry.ts';
import { workflowOf } from '../../core/slices.ts';
import type { LogLinks } from '../../ports/log-links.ts';
import type { Registry } from '../../ports/registry.ts';
import type { Workflows } from '../../ports/workflows.ts';
import { logUrls } from './attempt-logs.ts';
import { viewOrder } from './order-view.ts';

export interface ShowingPorts {
  readonly workflows: Pick<Workflows, 'get'>;
  readonly registry: Pick<Registry, 'plugins'>;
  readonly logLinks: LogLinks;
}

/** An order whose entries these are, as its readers see it. The account is no client's: where its logs are is nothing to it. */
export async function showOrder(
  entries: readonly JournalEntry[],
  forOperator: boolean,
  { workflows, registry, logLinks }: ShowingPorts,
): Promise<object> {
  const placed = placedEvent(entries);
  const { orderId, workflow } = placed;
  const whole = await workflows.get(workflow);
  const definition = whole && workflowOf(placed, whole);
  const logUrlOf = forOperator ? logUrls(orderId, await registry.plugins(), logLinks) : undefined;
  return viewOrder(entries, definition, logUrlOf);
}
