import { logicalIdOf, type PluginFunction } from './plugin-function.ts';
import { coreValue, prefixOf, type Resource, type System } from './service.ts';

/** The alarms on a plugin's queues. An alarm costs $0.10 a month: https://aws.amazon.com/cloudwatch/pricing/ */
export function alarmsOf(plugin: PluginFunction, system: System): Record<string, Resource> {
  const id = logicalIdOf(plugin);
  const { plugin: name } = plugin.block;
  const action = [coreValue(system, 'alarms-topic-arn')];
  return {
    [`${id}DeadLetterAlarm`]: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        AlarmName: `${prefixOf(system)}-plugin-${name}-dead`,
        // A dead letter becomes a failed task within seconds, and that is published as such. Here are those that do not.
        AlarmDescription: `Dead letters of the plugin ${name} are not buried: their orders wait for the tasks' deadlines.`,
        Namespace: 'AWS/SQS',
        MetricName: 'ApproximateNumberOfMessagesVisible',
        Dimensions: [
          { Name: 'QueueName', Value: { 'Fn::GetAtt': [`${id}DeadLetterQueue`, 'QueueName'] } },
        ],
        Statistic: 'Maximum',
        Period: 60,
        EvaluationPeriods: 3,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        // An idle queue stops sending data points.
        TreatMissingData: 'notBreaching',
        AlarmActions: action,
      },
    },
  };
}
