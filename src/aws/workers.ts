import type { WorkerReport } from '../contract/worker-report.ts';
import type { Workers } from '../ports/workers.ts';
import type { Table } from './table.ts';

const PARTITION = 'workers';

/** A worker that died without a word is forgotten after this time. */
const KEPT_SECONDS = 3600;

/** `pk = workers`, `sk = <plugin>#<worker>`, `report`: JSON, `expiresAt`. */
export function createWorkers(table: Table): Workers {
  return {
    async record(report) {
      const key = { pk: PARTITION, sk: `${report.plugin}#${report.worker}` };
      if (report.ended) {
        await table.delete(key);
        return;
      }
      const expiresAt = Math.ceil(report.at / 1000) + KEPT_SECONDS;
      await table.put({ ...key, report: JSON.stringify(report), expiresAt });
    },

    async list() {
      const reports: WorkerReport[] = [];
      for await (const page of table.pages({ partition: ['pk', PARTITION] })) {
        reports.push(...page.map(({ report }) => JSON.parse(String(report)) as WorkerReport));
      }
      return reports;
    },
  };
}
