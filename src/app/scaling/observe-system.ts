import middy from '@middy/core';
import type { Counts } from '../../ports/counts.ts';
import type { History } from '../../ports/history.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { Registry } from '../../ports/registry.ts';
import { logger } from '../logger.ts';
import type { Observation, ObservationPorts, ObservedPlugin } from './observation.ts';
import { readObservation } from './observation.ts';
import { orUnknown } from './or-unknown.ts';
import { createGaugePublisher } from './publish-gauges.ts';
import { sampleOf } from './sample.ts';
import { switchPlugins } from './switching.ts';
import type { StepPorts } from './take-step.ts';
import { takeStep } from './take-step.ts';

export interface ObservePorts extends Omit<ObservationPorts, keyof StepPorts>, StepPorts {
  readonly registry: Registry;
  readonly metrics: Metrics;
  readonly counts: Pick<Counts, 'sumUp'>;
  readonly history: Pick<History, 'keep' | 'sumUp'>;
  /** Whether each plugin has gauges of its own. */
  readonly gaugesOfPlugins: boolean;
}

/**
 * Looks at the whole system, once a minute: publishes its gauges, takes the next step with each recorded bottleneck, switches
 * idle plugins off, keeps the numbers for the history, and sums up what is kept of hours that are over.
 *
 * An idle month costs, at us-east-1's prices without the free tier: 43,200 invocations of some 50 ms with 512 MB, $0.02; 19 queries
 * of one partition each, 820,800 read units, $0.10; and for each plugin 43,200 reads of its queue's attributes, $0.02. In a month in which
 * there is always something to do, the history is 43,200 write units for each 30 plugins that are busy at once, $0.03.
 * @see https://aws.amazon.com/lambda/pricing/ https://aws.amazon.com/dynamodb/pricing/on-demand/ https://aws.amazon.com/sqs/pricing/
 */
export function makeObserve(ports: ObservePorts) {
  const publishGauges = createGaugePublisher(ports.metrics, ports.gaugesOfPlugins);
  return middy<unknown, void>().handler(async () => {
    const observation = await readObservation(ports);
    publishGauges(observation);
    const { active, remaining, plugins, leftBehind } = observation;
    if (active > 0) logger.info('observed', { active, remaining });
    const recorded = plugins.filter(({ bottleneck }) => bottleneck !== undefined);
    await settleAll([
      takeSteps(recorded, ports),
      switchPlugins(plugins, ports),
      ports.counts.sumUp(),
      keepHistory(observation, ports),
      ...leftBehind.map((one) => ports.bottlenecks.remove(one)),
    ]);
  });
}

async function keepHistory(
  observation: Observation,
  { history, clock }: Pick<ObservePorts, 'history' | 'clock'>,
): Promise<void> {
  const sample = sampleOf(observation, clock());
  if (sample !== undefined) await history.keep(sample);
  await history.sumUp();
}

async function takeSteps(recorded: readonly ObservedPlugin[], ports: ObservePorts): Promise<void> {
  if (recorded.length === 0) return;
  const plugins = recorded.map(({ plugin }) => plugin);
  const throughput = await orUnknown(ports.pluginMetrics.throughput(plugins));
  await settleAll(
    recorded.map(({ plugin, queue, gauges, bottleneck, workforce }) => {
      const measures = { queue, gauges, throughput: throughput.get(plugin.name), workforce };
      return takeStep(plugin, bottleneck?.alarms ?? [], bottleneck, measures, ports);
    }),
  );
}

/** Waits for all, so that one failure does not cut the others short. @throws the first failure */
async function settleAll(pending: readonly Promise<unknown>[]): Promise<void> {
  const outcomes = await Promise.allSettled(pending);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
