import type { Plugins } from '../../core/plugin.ts';
import { remainingTasks } from '../../core/remaining.ts';
import { workflowOf } from '../../core/slices.ts';
import type { ListedOrder } from '../../ports/active-orders.ts';
import type { Journal } from '../../ports/journal.ts';
import { BrokenJournalError } from '../../ports/journal.ts';
import type { Workflows } from '../../ports/workflows.ts';

/** Orders whose journals are read. Where orders have between 0 and n tasks left, the estimated mean is off by about n ÷ 17. */
const SAMPLE = 25;

/**
 * Tasks that the active orders still need: counted for a few orders, estimated for many. The orders are sorted by workflow, and the
 * sample is taken from them at even distances: so each workflow has its share of it, and so have old and young orders.
 */
export async function estimateRemaining(
  orders: readonly ListedOrder[],
  plugins: Plugins,
  ports: {
    readonly journal: Pick<Journal, 'latest'>;
    readonly workflows: Pick<Workflows, 'get'>;
  },
): Promise<number> {
  const sorted = orders.toSorted((a, b) => (a.workflow.name < b.workflow.name ? -1 : 1));
  const size = Math.min(SAMPLE, sorted.length);
  if (size === 0) return 0;
  const sample = Array.from({ length: size }, (_, index) =>
    sorted.at(Math.floor(((index + 0.5) * sorted.length) / size)),
  );
  const counts = await Promise.all(
    sample.map(async (order) => {
      if (order === undefined) return 0;
      const [entry, workflow] = await Promise.all([
        ports.journal.latest(order.orderId).catch(unlessBroken),
        ports.workflows.get(order.workflow),
      ]);
      if (entry === undefined || workflow === undefined) return 0;
      return remainingTasks(entry.state, workflowOf(entry.state, workflow), plugins);
    }),
  );
  const counted = counts.reduce((sum, count) => sum + count, 0);
  return Math.round((counted * sorted.length) / size);
}

/** An order whose journal is broken goes nowhere: it needs nothing more, and the estimate is made of the others. */
function unlessBroken(error: unknown): undefined {
  if (!(error instanceof BrokenJournalError)) throw error;
}
