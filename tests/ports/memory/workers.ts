import type { WorkerReport } from '../../../src/contract/worker-report.ts';
import type { Workers } from '../../../src/ports/workers.ts';

export function createMemoryWorkers(): Workers {
  const reports = new Map<string, WorkerReport>();
  return {
    async record(report) {
      const key = `${report.plugin}#${report.worker}`;
      if (report.ended) reports.delete(key);
      else reports.set(key, report);
    },
    list: async () => [...reports.values()],
  };
}
