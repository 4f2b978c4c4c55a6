import type { Backlogs } from '../ports/backlogs.ts';
import type { Clock } from '../ports/clock.ts';
import type { PluginMetrics } from '../ports/plugin-metrics.ts';
import type { QueueGauges } from '../ports/queue-gauges.ts';

/** CloudWatch hears of a queue's age a minute or two late: the oldest message may be older by as much. */
const LAG_MS = 120_000;

/** A queue without waiting messages costs no question to CloudWatch. */
export function createBacklogs(
  queueGauges: QueueGauges,
  pluginMetrics: Pick<PluginMetrics, 'gauges'>,
  clock: Clock,
): Backlogs {
  return {
    async oldest(plugins) {
      const queues = await queueGauges.read(plugins.map(({ queueUrl }) => queueUrl));
      const behind = plugins.filter(({ queueUrl }) => (queues.get(queueUrl)?.visible ?? 0) > 0);
      if (behind.length === 0) return new Map();
      const gauges = await pluginMetrics.gauges(behind).catch(() => NOTHING_KNOWN);
      const now = clock();
      return new Map(
        behind.map(({ name }) => {
          const seconds = gauges.get(name)?.oldestSeconds;
          return [name, seconds === undefined ? 0 : now - seconds * 1000 - LAG_MS];
        }),
      );
    },
  };
}

const NOTHING_KNOWN = new Map<string, never>();
