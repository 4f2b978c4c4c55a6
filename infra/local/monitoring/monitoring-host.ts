import { PublishCommand } from '@aws-sdk/client-sns';
import type { AwsClients } from '../aws-clients.ts';
import type { StackRecord } from '../cloudformation/stack-record.ts';
import type { Functions } from '../lambda/functions.ts';
import type { EventSourceMapping, MappingSettings } from '../mapping/event-source-mapping.ts';
import type { Terminal } from '../terminal.ts';
import { type Alarm, alarmOf, sayComparison } from './alarm.ts';
import { alarmMessage } from './alarm-message.ts';
import type { MonitoringHost } from './monitoring.ts';
import { embeddedQueues, foreignQueues } from './queue-samples.ts';

export interface MonitoredSystem {
  clients: AwsClients;
  region: string;
  accountId: string;
  /** Of the SQS that we run ourselves; undefined for another. */
  embeddedSqs: string | undefined;
  records: () => StackRecord[];
  mappings: () => EventSourceMapping[];
  functions: Functions;
  terminal: Terminal;
}

/** The key of the core's function that takes the gauges, every minute. */
const OBSERVE = 'observe';

/** What the local CloudWatch needs of the running system. */
export function monitoringHost(system: MonitoredSystem): MonitoringHost {
  const { clients, embeddedSqs, records, mappings, functions, terminal } = system;
  let observing = false;
  const observe = async () => {
    const [observer] = functions.list().filter(({ key }) => key === OBSERVE);
    if (!observer || observing) return;
    observing = true;
    // a failure has been reported where it happened
    await functions.invoke(observer.functionArn, {}).catch(() => {});
    observing = false;
  };
  return {
    readQueues: embeddedSqs
      ? embeddedQueues(embeddedSqs)
      : foreignQueues(
          clients.sqs,
          () => queueUrls(records()),
          (queueName) =>
            mappings()
              .filter(({ source }) => source.queueArn.endsWith(`:${queueName}`))
              .reduce((sum, { deleted }) => sum + deleted, 0),
        ),
    changed: async (change) => {
      const { alarm, to, value } = change;
      terminal.say(`${to} ${alarm.name}`, sayComparison(alarm, value));
      const { subject: Subject, message: Message } = alarmMessage(change, system);
      for (const TopicArn of alarm.actions[to])
        await clients.sns.send(new PublishCommand({ TopicArn, Subject, Message }));
    },
    minuteEnded: () => void observe(),
  };
}

/** The alarms that stand in the stacks' templates. */
export function alarmsOf(records: StackRecord[]): Alarm[] {
  return records
    .flatMap(({ resources }) => Object.values(resources))
    .filter(({ type }) => type === 'AWS::CloudWatch::Alarm')
    .flatMap(({ ref, properties = {} }) => alarmOf(ref, properties) ?? []);
}

/** What has become of a mapping: `at most 4 at once`, `switched off`. */
export function sayUpdate(now: MappingSettings, before: MappingSettings): string | undefined {
  if (now.enabled !== before.enabled) return now.enabled ? 'switched on' : 'switched off';
  if (now.maximumConcurrency !== before.maximumConcurrency)
    return `at most ${now.maximumConcurrency} at once, ${before.maximumConcurrency} before`;
  return undefined;
}

function queueUrls(records: StackRecord[]): Record<string, string> {
  return Object.fromEntries(
    records
      .flatMap(({ resources }) => Object.values(resources))
      .filter(({ type }) => type === 'AWS::SQS::Queue')
      .map(({ ref, attributes }) => [String(attributes.QueueName), ref]),
  );
}
