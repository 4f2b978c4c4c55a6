import type { Metric, Statistic } from './metric-store.ts';

export type AlarmState = 'ALARM' | 'INSUFFICIENT_DATA' | 'OK';

type Comparison = keyof typeof COMPARISONS;

/** An AWS::CloudWatch::Alarm on one metric. */
export interface Alarm {
  name: string;
  description: string | undefined;
  metric: Metric;
  statistic: Statistic;
  periodSeconds: number;
  evaluationPeriods: number;
  datapointsToAlarm: number;
  threshold: number;
  comparison: Comparison;
  treatMissingData: 'breaching' | 'ignore' | 'missing' | 'notBreaching';
  /** ARNs of topics by the state that they are told of. */
  actions: Record<AlarmState, string[]>;
}

const COMPARISONS = {
  GreaterThanOrEqualToThreshold: { sign: '>=', opposite: '<', holds: (a, b) => a >= b },
  GreaterThanThreshold: { sign: '>', opposite: '<=', holds: (a, b) => a > b },
  LessThanOrEqualToThreshold: { sign: '<=', opposite: '>', holds: (a, b) => a <= b },
  LessThanThreshold: { sign: '<', opposite: '>=', holds: (a, b) => a < b },
} satisfies Record<
  string,
  { sign: string; opposite: string; holds: (a: number, b: number) => boolean }
>;

const WORDS: Readonly<Record<string, string>> = {
  ApproximateNumberOfMessagesVisible: 'visible',
  ApproximateAgeOfOldestMessage: 'seconds old',
};

interface AlarmProperties {
  AlarmName?: string;
  AlarmDescription?: string;
  ActionsEnabled?: boolean | string;
  Namespace?: string;
  MetricName?: string;
  Dimensions?: { Name: string; Value: string }[];
  Statistic?: Statistic;
  Period?: number | string;
  EvaluationPeriods?: number | string;
  DatapointsToAlarm?: number | string;
  Threshold?: number | string;
  ComparisonOperator?: string;
  TreatMissingData?: Alarm['treatMissingData'];
  AlarmActions?: string[];
  OKActions?: string[];
  InsufficientDataActions?: string[];
}

/** Of functions only their instances are counted here, and of the API nothing. */
function isMeasured(namespace: string, metric: string): boolean {
  if (namespace === 'AWS/Lambda') return metric === 'ConcurrentExecutions';
  return namespace !== 'AWS/ApiGateway';
}

/** The alarm that a template declares; undefined for one on what is not measured here, or of more than a metric and a plain threshold. */
export function alarmOf(name: string, declared: Record<string, unknown>): Alarm | undefined {
  const properties = declared as AlarmProperties;
  const { Namespace: namespace, MetricName, Statistic: statistic, Threshold } = properties;
  const { ComparisonOperator: comparison = '', Dimensions = [] } = properties;
  if (!namespace || !MetricName || !statistic || Threshold === undefined) return undefined;
  if (!(comparison in COMPARISONS) || !isMeasured(namespace, MetricName)) return undefined;
  const evaluationPeriods = Number(properties.EvaluationPeriods ?? 1);
  const enabled = String(properties.ActionsEnabled ?? true) === 'true';
  const actions = (arns: string[] | undefined) => (enabled ? (arns ?? []) : []);
  return {
    name: properties.AlarmName ?? name,
    description: properties.AlarmDescription,
    metric: {
      namespace,
      name: MetricName,
      dimensions: Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])),
    },
    statistic,
    periodSeconds: Number(properties.Period ?? 60),
    evaluationPeriods,
    datapointsToAlarm: Number(properties.DatapointsToAlarm ?? evaluationPeriods),
    threshold: Number(Threshold),
    comparison: comparison as Comparison,
    treatMissingData: properties.TreatMissingData ?? 'missing',
    actions: {
      ALARM: actions(properties.AlarmActions),
      OK: actions(properties.OKActions),
      INSUFFICIENT_DATA: actions(properties.InsufficientDataActions),
    },
  };
}

/**
 * The state of an alarm by the values of its periods; undefined stands for a period without data, and for no change.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function stateOf(
  { comparison, threshold, treatMissingData, datapointsToAlarm }: Alarm,
  values: readonly (number | undefined)[],
): AlarmState | undefined {
  const known = values.filter((value) => value !== undefined);
  const missing = values.length - known.length;
  const breaching =
    known.filter((value) => COMPARISONS[comparison].holds(value, threshold)).length +
    (treatMissingData === 'breaching' ? missing : 0);
  if (breaching >= datapointsToAlarm) return 'ALARM';
  if (known.length > 0 || treatMissingData.endsWith('reaching')) return 'OK';
  return treatMissingData === 'ignore' ? undefined : 'INSUFFICIENT_DATA';
}

/** `143 >= 100 visible` */
export function sayComparison(
  { comparison, threshold, metric }: Alarm,
  value: number | undefined,
): string {
  const { sign, opposite, holds } = COMPARISONS[comparison];
  const unit = WORDS[metric.name] ?? metric.name;
  if (value === undefined) return `no data, ${opposite} ${threshold} ${unit} assumed`;
  const shown = Math.round(value * 10) / 10;
  return `${shown} ${holds(value, threshold) ? sign : opposite} ${threshold} ${unit}`;
}
