import type { Plugins } from '../../core/plugin.ts';
import { remainingTasks } from '../../core/remaining.ts';
import { workflowOf } from '../../core/slices.ts';
import type { ListedOrder } from '../../ports/active-orders.ts';
import type { Journal } from '../../ports/journal.ts';
import { BrokenJournalError } from '../../ports/journal.ts';
import type { Workflows } from '../../ports/workflows.ts';

/** Orders whose journals are read. Where orders have between 0 and n tasks left, the estimated mean is off by about n ÷ 17. */
const SAMPLE = 25;

/** What only journals tell of the active orders. */
export interface JournalsEstimate {
  /** Tasks that they still need. */
  readonly remaining: number;
  readonly paused: number;
  /** All of the journals were read. */
  readonly isWhole: boolean;
}

/**
 * How many tasks the active orders still need, and how many of the orders are paused: counted for a few orders, estimated for many. The
 * orders are sorted by workflow, and the sample is taken from them at even distances: so each workflow has its share of it, and so have old
 * and young orders.
 */
export async function estimateFromJournals(
  orders: readonly ListedOrder[],
  plugins: Plugins,
  ports: {
    readonly journal: Pick<Journal, 'latest'>;
    readonly workflows: Pick<Workflows, 'get'>;
  },
): Promise<JournalsEstimate> {
  const sorted = orders.toSorted((a, b) => (a.workflow.name < b.workflow.name ? -1 : 1));
  const size = Math.min(SAMPLE, sorted.length);
  if (size === 0) return { remaining: 0, paused: 0, isWhole: true };
  const sample = Array.from({ length: size }, (_, index) =>
    sorted.at(Math.floor(((index + 0.5) * sorted.length) / size)),
  );
  const looks = await Promise.all(
    sample.map(async (order) => {
      if (order === undefined) return NOTHING;
      const [entry, workflow] = await Promise.all([
        ports.journal.latest(order.orderId).catch(unlessBroken),
        ports.workflows.get(order.workflow),
      ]);
      if (entry === undefined) return NOTHING;
      const { state } = entry;
      const paused = state.status === 'paused' ? 1 : 0;
      if (workflow === undefined) return { remaining: 0, paused };
      return { remaining: remainingTasks(state, workflowOf(state, workflow), plugins), paused };
    }),
  );
  const all = (name: keyof typeof NOTHING) =>
    Math.round((looks.reduce((sum, look) => sum + look[name], 0) * sorted.length) / size);
  return { remaining: all('remaining'), paused: all('paused'), isWhole: size === sorted.length };
}

const NOTHING = { remaining: 0, paused: 0 };

/** An order whose journal is broken goes nowhere: it needs nothing more, and the estimate is made of the others. */
function unlessBroken(error: unknown): undefined {
  if (!(error instanceof BrokenJournalError)) throw error;
}
