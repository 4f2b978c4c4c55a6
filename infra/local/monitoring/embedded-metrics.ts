import type { MetricStore } from './metric-store.ts';

/** How a line in CloudWatch's embedded metric format begins. */
const BEGINNING = '{"_aws":';

interface EmbeddedMetrics {
  _aws: {
    Timestamp: number;
    CloudWatchMetrics: {
      Namespace: string;
      Dimensions: string[][];
      Metrics: { Name: string }[];
    }[];
  };
  [member: string]: unknown;
}

/** Whether a line that a function has written is metrics, which CloudWatch takes out of the log. */
export function isEmbeddedMetrics(line: string): boolean {
  return line.startsWith(BEGINNING);
}

/**
 * Records what lines in the embedded metric format hold; other lines are passed over.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function recordEmbeddedMetrics(text: string, store: MetricStore, now: number): void {
  for (const line of text.split('\n').filter(isEmbeddedMetrics)) {
    const metrics = parsed(line);
    for (const { Namespace, Dimensions, Metrics } of metrics?._aws.CloudWatchMetrics ?? [])
      for (const names of Dimensions)
        for (const { Name } of Metrics)
          for (const value of [metrics?.[Name]].flat())
            if (typeof value === 'number')
              store.record(
                {
                  namespace: Namespace,
                  name: Name,
                  dimensions: Object.fromEntries(
                    names.map((name) => [name, String(metrics?.[name])]),
                  ),
                },
                value,
                now,
              );
  }
}

/** CloudWatch drops what it cannot read, without a word. */
function parsed(line: string): EmbeddedMetrics | undefined {
  try {
    const metrics = JSON.parse(line) as EmbeddedMetrics;
    return Array.isArray(metrics._aws.CloudWatchMetrics) ? metrics : undefined;
  } catch {
    return undefined;
  }
}
