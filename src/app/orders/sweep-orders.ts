import middy from '@middy/core';
import type { SweepPorts as EngineSweepPorts, SweepReport } from '../../engine/sweep.ts';
import { sweep } from '../../engine/sweep.ts';
import type { TendingTurnsPorts } from '../../engine/tending-turns.ts';
import { tendTurns } from '../../engine/tending-turns.ts';
import type { Metrics } from '../../ports/metrics.ts';
import { logger } from '../logger.ts';
import { judgeElsewhere, judgementsIn } from '../quarantine/judgement.ts';
import type { TendingPorts } from '../quarantine/tend-plugin.ts';
import { tendPlugins } from '../quarantine/tend-plugin.ts';
import type { DrainPorts } from '../registration/drain-plugins.ts';
import { finishDrains } from '../registration/drain-plugins.ts';
import type { FiringPorts } from '../schedules/fire-schedules.ts';
import { fireSchedules } from '../schedules/fire-schedules.ts';

export type SweepPorts = EngineSweepPorts &
  FiringPorts &
  DrainPorts &
  Pick<TendingTurnsPorts, 'boundedPlugins'> &
  Pick<TendingPorts, 'failureWindows'> & { readonly metrics: Metrics };

/** A batch that has begun is done by then. */
const LAST_BATCH_MS = 10_000;

/** Wakes the orders whose deadline has passed, places those of schedules, answers for plugins that have finished retiring, and looks after those in quarantine, and after turns. */
export function makeSweep(ports: SweepPorts) {
  const judge = judgeElsewhere(ports);
  return middy<unknown, SweepReport>().handler(async (_event, context) => {
    const remainingMs = context.getRemainingTimeInMillis?.() ?? Infinity;
    const until = ports.clock() + remainingMs - LAST_BATCH_MS;
    const [swept, fired, drained, tended, turned] = await Promise.allSettled([
      sweep(ports, until, (outcomes) => judge(judgementsIn(outcomes))),
      fireSchedules(ports, until),
      finishDrains({ ...ports, sessions: ports }, until),
      tendPlugins(ports),
      tendTurns(ports, (plugin, error) => logger.error('turns', { plugin, error })),
    ]);
    if (fired.status === 'rejected') logger.error('schedules', { error: fired.reason });
    if (tended.status === 'rejected') logger.error('quarantines', { error: tended.reason });
    if (turned.status === 'rejected') logger.error('turns', { error: turned.reason });
    if (drained.status === 'rejected') logger.error('drains', { error: drained.reason });
    if (swept.status === 'rejected') throw swept.reason;
    const report = swept.value;
    const { failures, ...counts } = report;
    if (report.due > 0) logger.info('swept', counts);
    for (const { orderId, error } of failures) logger.error('order not woken', { orderId, error });
    for (const orderId of report.setAside) {
      logger.error('order set aside: sweeps have died over it', { orderId });
      ports.metrics.publish({}, { OrdersSetAside: 1 });
    }
    return report;
  });
}
