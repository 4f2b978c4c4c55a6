import middy from '@middy/core';
import { leastConcurrency } from '../../core/scaling.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { Registry } from '../../ports/registry.ts';
import { logger } from '../logger.ts';
import type { Observation, ObservationPorts, ObservedPlugin } from './observation.ts';
import { isBottleneck, observe, queuedIn, unlessAway } from './observation.ts';
import type { StepPorts } from './step.ts';
import { step } from './step.ts';
import { switchIdle } from './switching.ts';

export interface ObservePorts extends Omit<ObservationPorts, keyof StepPorts>, StepPorts {
  readonly registry: Registry;
  readonly metrics: Metrics;
}

/**
 * Looks at the whole system, once a minute: publishes its gauges, takes the next step with each plugin that is behind or was, and
 * switches idle plugins off. In an idle month, of us-east-1's prices without the free tier: 43,200 invocations of some 50 ms
 * with 512 MB, $0.02; 10 queries of a partition each, 432,000 read units, $0.05; 43,200 looks at each queue, $0.02 a plugin.
 * @see https://aws.amazon.com/lambda/pricing/ https://aws.amazon.com/dynamodb/pricing/on-demand/ https://aws.amazon.com/sqs/pricing/
 */
export function makeObserve(ports: ObservePorts) {
  const publish = makePublisher(ports.metrics);
  return middy<unknown, void>().handler(async () => {
    const observation = await observe(ports);
    publish(observation);
    const { active, remaining, plugins, leftBehind } = observation;
    if (active > 0) logger.info('observed', { active, remaining });
    const recorded = plugins.filter(({ bottleneck }) => bottleneck !== undefined);
    const outcomes = await Promise.allSettled([
      stepAll(recorded, ports),
      switchIdle(plugins, ports),
      ...leftBehind.map((one) => ports.bottlenecks.remove(one)),
    ]);
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  });
}

async function stepAll(recorded: readonly ObservedPlugin[], ports: ObservePorts): Promise<void> {
  if (recorded.length === 0) return;
  const measured = ports.pluginMetrics.throughput(recorded.map(({ plugin }) => plugin));
  const throughput = await unlessAway(measured);
  const outcomes = await Promise.allSettled(
    recorded.map(({ plugin, queue, gauges, bottleneck }) => {
      const measures = { queue, gauges, throughput: throughput.get(plugin.name) };
      return step(plugin, bottleneck?.alarms ?? [], bottleneck, measures, ports);
    }),
  );
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

/** Publishes what there is to say; of whom there is nothing to say any more, that once, so that its curve ends at zero. */
function makePublisher(metrics: Metrics) {
  let before = new Map<string, () => void>();

  return ({ active, byWorkflow, remaining, plugins }: Observation): void => {
    const after = new Map<string, () => void>();
    const busy = plugins.filter(isBusy);
    if (active > 0 || busy.length > 0) {
      const sum = (of: (one: ObservedPlugin) => number) =>
        plugins.reduce((total, one) => total + of(one), 0);
      publish(
        after,
        {},
        {
          ActiveOrders: active,
          TasksQueued: sum(queued),
          TasksInFlight: sum(inFlight),
          TasksRemaining: remaining,
        },
      );
    }
    for (const [Workflow, ActiveOrders] of Object.entries(byWorkflow)) {
      publish(after, { Workflow }, { ActiveOrders });
    }
    for (const one of busy) publish(after, { Plugin: one.plugin.name }, gaugesOf(one));
    for (const [key, publishZeros] of before) if (!after.has(key)) publishZeros();
    before = after;
  };

  function publish(
    after: Map<string, () => void>,
    dimensions: Readonly<Record<string, string>>,
    values: Readonly<Record<string, number>>,
  ): void {
    metrics.publish(dimensions, values);
    const zeros = Object.fromEntries(Object.keys(values).map((name) => [name, 0]));
    after.set(JSON.stringify(dimensions), () => metrics.publish(dimensions, zeros));
  }
}

const queued = ({ queue }: ObservedPlugin) => (queue === undefined ? 0 : queuedIn(queue));
const inFlight = ({ queue }: ObservedPlugin) => queue?.inFlight ?? 0;

function isBusy(one: ObservedPlugin): boolean {
  return queued(one) + inFlight(one) > 0 || one.bottleneck !== undefined;
}

/** What is not known is left out: a zero would be a lie. */
function gaugesOf(one: ObservedPlugin): Record<string, number> {
  const { plugin, gauges, bottleneck } = one;
  return {
    TasksQueued: queued(one),
    TasksInFlight: inFlight(one),
    InAlarm: Number(isBottleneck(one)),
    MaximumConcurrency: bottleneck?.maximumConcurrency ?? leastConcurrency(plugin),
    ...(gauges?.oldestSeconds === undefined ? {} : { OldestTaskSeconds: gauges.oldestSeconds }),
    ...(gauges?.instances === undefined ? {} : { Instances: gauges.instances }),
  };
}
