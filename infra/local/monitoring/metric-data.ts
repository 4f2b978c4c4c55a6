import type { LocalMinute } from './local-minute.ts';
import { type Metric, type MetricStore, type Statistic, statistic } from './metric-store.ts';

/** The body of GetMetricData, as far as it is read; instants are epoch seconds. */
export interface MetricDataRequest {
  StartTime: number;
  EndTime: number;
  ScanBy?: 'TimestampAscending' | 'TimestampDescending';
  MetricDataQueries: MetricDataQuery[];
}

interface MetricDataQuery {
  Id: string;
  ReturnData?: boolean;
  MetricStat?: {
    Metric: {
      Namespace: string;
      MetricName: string;
      Dimensions?: { Name: string; Value: string }[];
    };
    Period: number;
    Stat: string;
  };
}

const STATISTICS: readonly string[] = ['Average', 'Maximum', 'Minimum', 'SampleCount', 'Sum'];

/** Whoever asks until now has rounded his second; the sample of just now belongs to the answer. */
const ROUNDING_MS = 1000;

/**
 * CloudWatch's GetMetricData. Periods are counted back from the end of the window. The newest value of a gauge (any
 * statistic but a sum) is its last sample rather than that of its whole period: what is shown follows what happens.
 * @throws {Error} for what is not provided
 */
export function metricData(
  request: MetricDataRequest,
  { store, minute, now }: { store: MetricStore; minute: LocalMinute; now: number },
): object {
  const { StartTime, EndTime, ScanBy, MetricDataQueries } = request;
  const to = Math.min(now, EndTime * 1000 + ROUNDING_MS);
  const results = MetricDataQueries.filter(({ ReturnData }) => ReturnData !== false).map(
    ({ Id, MetricStat }) => {
      if (!MetricStat || !STATISTICS.includes(MetricStat.Stat))
        throw new Error(`the query ${Id} is not one of a metric with one of ${STATISTICS}`);
      const { Period, Metric } = MetricStat;
      const stat = MetricStat.Stat as Statistic;
      const metric = metricOf(Metric);
      const lengthMs = minute.inMs(Period);
      const count = Math.max(1, Math.ceil((EndTime - StartTime) / Period));
      const points = store
        .periods(metric, { to, lengthMs, count })
        .map((set, index) => {
          const from = to - (index + 1) * lengthMs;
          const last = index === 0 && stat !== 'Sum' ? store.newest(metric, from, to) : undefined;
          const value = set && statistic(last ?? set, stat);
          return { timestamp: Math.round(from) / 1000, value };
        })
        .filter((point): point is { timestamp: number; value: number } => point.value !== undefined)
        .map(({ timestamp, value }) => ({
          timestamp,
          value: stat === 'Sum' ? minute.stretched(value) : value,
        }));
      if (ScanBy === 'TimestampAscending') points.reverse();
      return {
        Id,
        Label: Metric.MetricName,
        Timestamps: points.map(({ timestamp }) => timestamp),
        Values: points.map(({ value }) => value),
        StatusCode: 'Complete',
      };
    },
  );
  return { MetricDataResults: results, Messages: [] };
}

function metricOf({
  Namespace: namespace,
  MetricName: name,
  Dimensions = [],
}: NonNullable<MetricDataQuery['MetricStat']>['Metric']): Metric {
  const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]));
  return { namespace, name, dimensions };
}
