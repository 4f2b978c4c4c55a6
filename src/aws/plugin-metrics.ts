import type { MetricCalls, MetricDataQuery } from '../aws-calls/metric-service.ts';
import type { Plugin } from '../core/plugin.ts';
import type { Clock } from '../ports/clock.ts';
import type { PluginMetrics } from '../ports/plugin-metrics.ts';

type ByName<T> = ReadonlyMap<string, T>;

const PERIOD_SECONDS = 60;

/** Metrics arrive a minute or two late: what is older than this says nothing of now. */
const RECENT_SECONDS = 300;

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
const MAX_QUERIES = 500;

interface Series {
  readonly plugin: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: 'Maximum' | 'Sum';
}

export function createPluginMetrics(
  cloudwatch: MetricCalls,
  system: string,
  clock: Clock,
): PluginMetrics {
  const age = sqsSeries('ApproximateAgeOfOldestMessage', 'Maximum');
  const ended = sqsSeries('NumberOfMessagesDeleted', 'Sum');
  const instances = lambdaSeries('ConcurrentExecutions', 'Maximum');
  const crashed = lambdaSeries('Errors', 'Sum');

  return {
    async gauges(plugins) {
      const [oldest, working] = await readAll(
        [plugins.map(age), plugins.flatMap(instances)],
        RECENT_SECONDS,
      );
      return new Map(
        plugins.map(({ name }) => {
          const [oldestSeconds] = oldest?.get(name) ?? [];
          const [count] = working?.get(name) ?? [];
          return [name, { oldestSeconds, instances: count }];
        }),
      );
    },

    async throughput(plugins) {
      const counts = await readAll(
        [plugins.map(ended), plugins.map(failed), plugins.flatMap(crashed)],
        RECENT_SECONDS,
      );
      return new Map(
        plugins.map(({ name }) => {
          const values = counts.map((count) => count.get(name) ?? []);
          const minutes = Math.max(1, ...values.map(({ length }) => length));
          const [endedPerSecond = 0, failedPerSecond = 0, crashedPerSecond = 0] = values.map(
            (one) => sumOf(one) / (minutes * PERIOD_SECONDS),
          );
          return [name, { endedPerSecond, failedPerSecond, crashedPerSecond }];
        }),
      );
    },

    async working(asked) {
      const working = new Set<string>();
      const bySeconds = Map.groupBy(asked, ({ withinSeconds }) => withinSeconds);
      for (const [seconds, group] of bySeconds) {
        const [series] = await readAll([group.map(({ plugin }) => ended(plugin))], seconds);
        for (const [name, values] of series ?? []) if (sumOf(values) > 0) working.add(name);
      }
      return working;
    },
  };

  /** The series' values by plugin, newest first, for each list: in one call, as long as they are no more than it takes. */
  async function readAll(
    lists: readonly (readonly Series[])[],
    seconds: number,
  ): Promise<readonly ByName<readonly number[]>[]> {
    const results = lists.map(() => new Map<string, number[]>());
    const queries = lists.flatMap((list, index) =>
      list.map((series, at) => ({ series, result: results[index], id: `m${index}x${at}` })),
    );
    for (let from = 0; from < queries.length; from += MAX_QUERIES) {
      const some = queries.slice(from, from + MAX_QUERIES);
      const values = await read(some.map(queryOf), seconds);
      for (const { id, result, series } of some) {
        result?.set(series.plugin, [...(values.get(id) ?? [])]);
      }
    }
    return results;
  }

  async function read(
    queries: readonly MetricDataQuery[],
    seconds: number,
  ): Promise<ByName<readonly number[]>> {
    const values = new Map<string, number[]>();
    const now = clock();
    let NextToken: string | undefined;
    do {
      const answer = await cloudwatch('GetMetricData', {
        MetricDataQueries: queries,
        StartTime: now / 1000 - seconds,
        EndTime: now / 1000,
        ScanBy: 'TimestampDescending',
        ...(NextToken && { NextToken }),
      });
      for (const { Id = '', Values = [] } of answer.MetricDataResults ?? []) {
        values.set(Id, [...(values.get(Id) ?? []), ...Values]);
      }
      NextToken = answer.NextToken;
    } while (NextToken);
    return values;
  }

  function failed({ name }: Plugin): Series {
    const dimensions = { System: system, Plugin: name };
    const what = { namespace: 'Baton', metric: 'TasksFailed', statistic: 'Sum' } as const;
    return { plugin: name, dimensions, ...what };
  }
}

function sqsSeries(metric: string, statistic: Series['statistic']) {
  return ({ name, queueArn }: Plugin): Series => {
    const dimensions = { QueueName: queueArn.split(':').at(-1) ?? '' };
    return { plugin: name, namespace: 'AWS/SQS', metric, dimensions, statistic };
  };
}

/** None for a plugin that was registered before it told the name of its function. */
function lambdaSeries(metric: string, statistic: Series['statistic']) {
  return ({ name, functionName }: Plugin): readonly Series[] => {
    if (functionName === undefined) return [];
    const dimensions = { FunctionName: functionName };
    return [{ plugin: name, namespace: 'AWS/Lambda', metric, dimensions, statistic }];
  };
}

function queryOf({ id, series }: { readonly id: string; readonly series: Series }) {
  const { namespace, metric, dimensions, statistic } = series;
  return {
    Id: id,
    MetricStat: {
      Metric: {
        Namespace: namespace,
        MetricName: metric,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: PERIOD_SECONDS,
      Stat: statistic,
    },
    ReturnData: true,
  };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
