import middy from '@middy/core';
import type { EnginePorts } from '../../engine/engine-ports.ts';
import type { SweepReport } from '../../engine/sweep.ts';
import { sweep } from '../../engine/sweep.ts';
import { logger } from '../logger.ts';
import type { DrainPorts } from '../registration/drain-plugins.ts';
import { finishDrains } from '../registration/drain-plugins.ts';

export type SweepPorts = EnginePorts & Omit<DrainPorts, 'registry'>;

/** Wakes the orders whose deadline has passed, and lets go of plugins that have finished. */
export function makeSweep(ports: SweepPorts) {
  return middy<unknown, SweepReport>().handler(async () => {
    const [swept, drained] = await Promise.allSettled([sweep(ports), finishDrains(ports)]);
    if (drained.status === 'rejected') logger.error('drains', { error: drained.reason });
    if (swept.status === 'rejected') throw swept.reason;
    const report = swept.value;
    if (report.active > 0) logger.info('swept', { ...report });
    return report;
  });
}
