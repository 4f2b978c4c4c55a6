import type { SNSEvent } from 'aws-lambda';
import { logger } from '../../../src/app/logger.ts';
import { makeObserve } from '../../../src/app/scaling/observe-system.ts';
import { makeRescale } from '../../../src/app/scaling/rescale-plugins.ts';
import type { PluginFact } from '../../../src/core/command.ts';
import type { Plugin } from '../../../src/core/plugin.ts';
import type { Bottleneck } from '../../../src/core/scaling.ts';
import type { Mapping } from '../../../src/ports/mappings.ts';
import type { PluginGauges, Throughput } from '../../../src/ports/plugin-metrics.ts';
import { createMemoryPorts } from '../../ports/memory/ports.ts';
import { createMemoryPluginRecords } from '../../ports/memory/records.ts';
import { createMemoryWorkers } from '../../ports/memory/workers.ts';
import { CONTEXT, pluginOf } from '../system.ts';

logger.setLogLevel('SILENT');

export const T0 = Date.parse('2026-11-21T08:00:00.000Z');

/** What AWS says about a plugin. */
export interface Surroundings {
  queued: number;
  inFlight: number;
  gauges: PluginGauges;
  throughput: Throughput;
  working: boolean;
  mapping: Mapping | undefined;
  /** So many changes of the mapping come back with `later`. */
  changing: number;
  /** Runs while the mapping is being disabled. */
  meanwhile?: () => void;
}

/** Plugins with base 2 and ceiling 8, their surroundings in memory. Alarms ring and minutes pass when the test says so. */
export function createWorld(...plugins: readonly Partial<Plugin>[]) {
  const now = { at: T0 };
  const registered = plugins.map((plugin): Plugin => {
    const { name = 'A' } = plugin;
    return { ...pluginOf(name), concurrency: { base: 2, ceiling: 8 }, ...plugin };
  });
  const around = new Map(registered.map(({ name }) => [name, atRest(name)]));
  const facts: PluginFact[] = [];
  const published: Record<string, unknown>[] = [];
  const calls: string[] = [];
  const nameIn = (text: string) => text.split('-plugin-').at(-1) ?? '';
  const of = (name: string) => around.get(name) ?? atRest(name);
  const by = <T>(names: readonly Plugin[], pick: (one: Surroundings) => T) =>
    new Map(names.map(({ name }) => [name, pick(of(name))]));
  const change = (id: string, apply: (one: Surroundings, mapping: Mapping) => void) => {
    const one = of(id);
    if (one.changing > 0) {
      one.changing -= 1;
      return 'later' as const;
    }
    if (one.mapping) apply(one, one.mapping);
    return 'done' as const;
  };
  const memory = createMemoryPorts(() => now.at, registered);
  const ports = {
    ...memory,
    prefix: 'baton-test',
    gaugesOfPlugins: true,
    bottlenecks: createMemoryPluginRecords<Bottleneck>(),
    workers: createMemoryWorkers(),
    queueGauges: {
      read: async (urls: readonly string[]) =>
        new Map(
          urls.map((url) => {
            const { queued, inFlight } = of(nameIn(url));
            return [url, { visible: queued, inFlight, delayed: 0 }];
          }),
        ),
    },
    pluginMetrics: {
      gauges: async (names: readonly Plugin[]) => by(names, ({ gauges }) => gauges),
      throughput: async (names: readonly Plugin[]) => by(names, ({ throughput }) => throughput),
      working: async (asked: readonly { plugin: Plugin }[]) =>
        new Set(
          asked.flatMap(({ plugin: { name } }) => {
            calls.push(`working ${name}`);
            return of(name).working ? [name] : [];
          }),
        ),
    },
    mappings: {
      of: async (queueArn: string) => {
        calls.push(`look at ${nameIn(queueArn)}`);
        return of(nameIn(queueArn)).mapping;
      },
      setMaximumConcurrency: async (id: string, maximumConcurrency: number) =>
        change(id, (one, mapping) => {
          one.mapping = { ...mapping, maximumConcurrency };
        }),
      setEnabled: async (id: string, enabled: boolean) =>
        change(id, (one, mapping) => {
          calls.push(`${enabled ? 'enable' : 'disable'} ${id}`);
          one.mapping = { ...mapping, enabled };
          if (!enabled) one.meanwhile?.();
        }),
    },
    lifecycle: {
      publish: async (fact: PluginFact) => {
        facts.push(fact);
      },
    },
    metrics: {
      publish: (dimensions: object, values: object) => {
        published.push({ ...dimensions, ...values });
      },
    },
  };
  const [rescale, observe] = [makeRescale(ports), makeObserve(ports)];
  const hear = (message: object) => rescale(snsEvent(message), CONTEXT);

  return {
    ports,
    now,
    facts,
    published,
    calls,
    hear,
    around: (name: string, change: Partial<Surroundings>) => Object.assign(of(name), change),
    mapping: (name: string) => of(name).mapping,
    registration: async (name: string) => (await memory.registry.plugins()).get(name),
    alarm: (kind: 'depth' | 'age', state: 'ALARM' | 'OK', plugin = 'A') =>
      hear(alarmMessage(`baton-test-plugin-${plugin}`, kind, state)),
    async minute() {
      now.at += 60_000;
      await observe({}, CONTEXT);
    },
  };
}

function atRest(name: string): Surroundings {
  return {
    ...{ queued: 0, inFlight: 0, working: false, changing: 0 },
    gauges: { oldestSeconds: 0, instances: 0 },
    throughput: { endedPerSecond: 0, failedPerSecond: 0, crashedPerSecond: 0 },
    mapping: { id: name, enabled: true, maximumConcurrency: 2 },
  };
}

/** More tasks than its instances can do. */
export const BEHIND = {
  ...{ queued: 300, inFlight: 8 },
  gauges: { oldestSeconds: 200, instances: 2 },
  throughput: { endedPerSecond: 2, failedPerSecond: 0, crashedPerSecond: 0 },
} satisfies Partial<Surroundings>;

/** A message as CloudWatch writes it, including the fields that rescale does not read. */
export function alarmMessage(queue: string, kind: string, NewStateValue: string): object {
  return {
    AlarmName: `${queue}-${kind}`,
    AlarmDescription: '300 tasks wait',
    AWSAccountId: '123456789012',
    NewStateValue,
    NewStateReason: 'Threshold Crossed',
    StateChangeTime: '2026-11-21T08:00:00.000+0000',
    Region: 'EU (Ireland)',
    OldStateValue: NewStateValue === 'OK' ? 'ALARM' : 'OK',
    Trigger: {
      MetricName:
        kind === 'age' ? 'ApproximateAgeOfOldestMessage' : 'ApproximateNumberOfMessagesVisible',
      Namespace: 'AWS/SQS',
      StatisticType: 'Statistic',
      Statistic: 'MAXIMUM',
      Dimensions: [{ value: queue, name: 'QueueName' }],
      Period: 60,
      Threshold: 200,
    },
  };
}

function snsEvent(message: object): SNSEvent {
  const Sns = { Message: JSON.stringify(message) };
  return { Records: [{ Sns }] } as unknown as SNSEvent;
}
