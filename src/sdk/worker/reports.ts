import type { WorkerReport } from '../../contract/worker-report.ts';
import { REPORT_EVERY_SECONDS, signReport } from '../../contract/worker-report.ts';
import type { Runtime } from '../runtime.ts';

/** Tells the core of a worker, for `GET /status`. */
export interface Reports {
  /** Reports that the worker ends. */
  end(): Promise<void>;
}

interface Reporting {
  readonly worker: string;
  readonly concurrency: number;
  busy(): number;
}

/** Reports once a minute, the first time at once. A report that could not be sent is logged; the next one follows as ever. */
export function startReports(
  { worker, concurrency, busy }: Reporting,
  { plugin, key, clock, send, log }: Runtime,
): Reports {
  let cancelTimer: () => void = () => undefined;

  const tell = async (end: Pick<WorkerReport, 'ended'> = {}) => {
    const report = { plugin, worker, concurrency, busy: busy(), at: clock.now(), ...end };
    const body = { type: 'WorkerSeen', report, signature: signReport(report, key) };
    try {
      await send(JSON.stringify(body));
    } catch (error) {
      const message = 'the worker could not report';
      log({ level: 'warn', message, plugin, worker, reason: String(error) });
    }
  };
  const tellAndGoOn = () => {
    cancelTimer = clock.after(REPORT_EVERY_SECONDS * 1000, tellAndGoOn);
    void tell();
  };
  tellAndGoOn();

  return {
    async end() {
      cancelTimer();
      await tell({ ended: true });
    },
  };
}
