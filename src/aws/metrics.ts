import type { Clock } from '../ports/clock.ts';
import type { Metrics } from '../ports/metrics.ts';

const NAMESPACE = 'Baton';

/** What a value counts; whatever is not named here is a count. */
const UNITS: Readonly<Record<string, string>> = { OldestTaskSeconds: 'Seconds' };

/**
 * Metrics as lines of the log, which CloudWatch reads: no call, no wait. Powertools does the same in 20 KB, of which one object
 * is needed. A metric costs $0.30 a month, for the hours in which it is published (https://aws.amazon.com/cloudwatch/pricing/): whoever
 * has nothing to say publishes nothing.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function createMetrics(
  system: string,
  clock: Clock,
  // Not `console`: what Lambda puts in front of its lines would hide them from CloudWatch.
  write: (line: string) => void = (line) => void process.stdout.write(`${line}\n`),
): Metrics {
  return {
    publish(dimensions, values) {
      const whose = { System: system, ...dimensions };
      const metrics = Object.keys(values).map((Name) => ({ Name, Unit: UNITS[Name] ?? 'Count' }));
      const directive = {
        Namespace: NAMESPACE,
        Dimensions: [Object.keys(whose)],
        Metrics: metrics,
      };
      const _aws = { Timestamp: clock(), CloudWatchMetrics: [directive] };
      write(JSON.stringify({ _aws, ...whose, ...values }));
    },
  };
}
