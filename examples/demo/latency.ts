import { formatMs } from '../../src/cli/durations.ts';
import type { OrderView } from '../../src/cli/responses.ts';

/** Milliseconds from each task's dispatch to its end: queue, plugin, queue, orchestrator. */
export function latencies(orders: readonly OrderView[], plugin?: string): readonly number[] {
  return orders
    .flatMap(({ tasks = [] }) => tasks)
    .filter((task) => plugin === undefined || task.plugin === plugin)
    .flatMap((task) =>
      'dispatchedAt' in task && task.endedAt !== undefined
        ? [new Date(task.endedAt).getTime() - new Date(task.dispatchedAt).getTime()]
        : [],
    );
}

export function formatLatency(values: readonly number[]): string {
  if (values.length === 0) return 'unknown';
  return `median ${formatMs(quantile(values, 0.5))}, p95 ${formatMs(quantile(values, 0.95))}`;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
