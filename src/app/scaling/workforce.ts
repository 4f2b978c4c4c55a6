import type { WorkerReport } from '../../contract/worker-report.ts';
import { REPORT_EVERY_SECONDS } from '../../contract/worker-report.ts';
import type { Plugin } from '../../core/plugin.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Workers } from '../../ports/workers.ts';

/** The workers of a plugin that runs in containers. */
export interface Workforce {
  readonly workers: number;
  /** Tasks that they may have in work, all together. */
  readonly concurrency: number;
}

/** After this long without a report, a worker counts as gone: it has missed two. */
const SILENT_AFTER_MS = 2.5 * REPORT_EVERY_SECONDS * 1000;

/** By name, the workforce of each plugin that runs in containers. Where there is none such, nothing is read. */
export async function readWorkforces(
  plugins: readonly Plugin[],
  { workers, clock }: { readonly workers: Pick<Workers, 'list'>; readonly clock: Clock },
): Promise<ReadonlyMap<string, Workforce>> {
  const inContainers = plugins.filter(({ runs }) => runs === 'container');
  if (inContainers.length === 0) return new Map();
  const heardSince = clock() - SILENT_AFTER_MS;
  const reports = (await workers.list()).filter(({ at }) => at >= heardSince);
  return new Map(
    inContainers.map(({ name }) => [name, of(reports.filter(({ plugin }) => plugin === name))]),
  );
}

function of(reports: readonly WorkerReport[]): Workforce {
  const concurrency = reports.reduce((sum, one) => sum + one.concurrency, 0);
  return { workers: reports.length, concurrency };
}
