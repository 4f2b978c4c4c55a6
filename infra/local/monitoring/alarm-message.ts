import type { Alarm, AlarmState } from './alarm.ts';

export interface AlarmChange {
  alarm: Alarm;
  from: AlarmState;
  to: AlarmState;
  /** The value of the newest period. */
  value: number | undefined;
  reason: string;
  at: Date;
}

/**
 * What CloudWatch publishes on a change of state.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 */
export function alarmMessage(
  { alarm, from, to, reason, at }: AlarmChange,
  { region, accountId }: { region: string; accountId: string },
): { subject: string; message: string } {
  const { name, metric, actions } = alarm;
  return {
    subject: `${to}: "${name}" in ${region}`.slice(0, 100),
    message: JSON.stringify({
      AlarmName: name,
      AlarmDescription: alarm.description ?? null,
      AWSAccountId: accountId,
      NewStateValue: to,
      NewStateReason: reason,
      StateChangeTime: at.toISOString(),
      Region: region,
      AlarmArn: `arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}`,
      OldStateValue: from,
      OKActions: actions.OK,
      AlarmActions: actions.ALARM,
      InsufficientDataActions: actions.INSUFFICIENT_DATA,
      Trigger: {
        MetricName: metric.name,
        Namespace: metric.namespace,
        StatisticType: 'Statistic',
        Statistic: alarm.statistic.toUpperCase(),
        Unit: null,
        Dimensions: Object.entries(metric.dimensions).map(([name, value]) => ({ value, name })),
        Period: alarm.periodSeconds,
        EvaluationPeriods: alarm.evaluationPeriods,
        DatapointsToAlarm: alarm.datapointsToAlarm,
        ComparisonOperator: alarm.comparison,
        Threshold: alarm.threshold,
        TreatMissingData: alarm.treatMissingData,
        EvaluateLowSampleCountPercentile: '',
      },
    }),
  };
}
