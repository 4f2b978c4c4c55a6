import type { WorkerReport } from '../contract/worker-report.ts';

/** What workers in containers say of themselves: the latest report of each. */
export interface Workers {
  /** Keeps the report in place of the worker's earlier one. The report of a worker that ends removes it. */
  record(report: WorkerReport): Promise<void>;
  /** Of all plugins. Workers that died without a word are among them for a while: see `at`. */
  list(): Promise<readonly WorkerReport[]>;
}
