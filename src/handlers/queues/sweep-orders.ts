import middy from '@middy/core';
import type { Ports } from '../../engine/ports.ts';
import type { SweepReport } from '../../engine/sweep.ts';
import { sweep } from '../../engine/sweep.ts';
import { logger } from '../logger.ts';

/** Wakes the orders whose deadline has passed. */
export function makeSweep(ports: Ports) {
  return middy<unknown, SweepReport>().handler(async () => {
    const report = await sweep(ports);
    if (report.active > 0) logger.info('swept', { ...report });
    return report;
  });
}
