import type { Plugin } from '../../core/plugin.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Mappings } from '../../ports/mappings.ts';
import type { PluginMetrics } from '../../ports/plugin-metrics.ts';
import type { QueueGauges } from '../../ports/queue-gauges.ts';
import type { Registry } from '../../ports/registry.ts';
import { logger } from '../logger.ts';
import type { ObservedPlugin } from './observation.ts';
import { queuedIn } from './observation.ts';

export interface SwitchingPorts {
  readonly registry: Registry;
  readonly mappings: Mappings;
  readonly queueGauges: QueueGauges;
  readonly pluginMetrics: Pick<PluginMetrics, 'working'>;
  readonly clock: Clock;
}

/**
 * Enables the plugin's event source mapping; then it no longer counts as switched off. A mapping in the middle of another change is
 * left for the next look at it.
 */
export async function switchOn({ name, queueArn }: Plugin, ports: SwitchingPorts): Promise<void> {
  const mapping = await ports.mappings.of(queueArn);
  if (mapping === undefined) return;
  if (!mapping.enabled) {
    const outcome = await ports.mappings.setEnabled(mapping.id, true);
    logger.info('switched on', { plugin: name, outcome });
    if (outcome === 'later') return;
  }
  await ports.registry.setSwitchedOff(name, false);
}

/** Switches plugins off that have been idle for as long as they said, and on where a task waits behind a disabled mapping. */
export async function switchIdle(
  plugins: readonly ObservedPlugin[],
  ports: SwitchingPorts,
): Promise<void> {
  const awaited = plugins.filter(isAwaited);
  await Promise.all(awaited.map(({ plugin }) => switchOn(plugin, ports)));
  const asked = plugins.filter(isAtRest).flatMap(({ plugin }) => {
    const { switchOffAfterIdleSeconds: withinSeconds, registeredAt, switchedOff } = plugin;
    if (withinSeconds === undefined || switchedOff) return [];
    return ports.clock() - registeredAt < withinSeconds * 1000 ? [] : [{ plugin, withinSeconds }];
  });
  if (asked.length === 0) return;
  const working = await ports.pluginMetrics.working(asked);
  const idle = asked.filter(({ plugin }) => !working.has(plugin.name));
  await Promise.all(idle.map(({ plugin }) => switchOff(plugin, ports)));
}

/**
 * A task waits, and nobody takes it. That its mapping is disabled is sure when it was switched off; otherwise it may be that it was
 * enabled just before it was disabled, so that each of the two thinks to have been the last: looking costs one call.
 */
function isAwaited({ plugin, queue }: ObservedPlugin): boolean {
  if (queue === undefined || queue.visible === 0) return false;
  if (plugin.switchedOff) return true;
  return plugin.switchOffAfterIdleSeconds !== undefined && queue.inFlight === 0;
}

function isAtRest({ queue }: Pick<ObservedPlugin, 'queue'>): boolean {
  return queue !== undefined && queuedIn(queue) + queue.inFlight === 0;
}

/**
 * First it is said, then done: whoever sends a task from then on asks for the plugin. Who did not know yet has sent it to the queue, at which a
 * second look is taken; and what SQS does not count in time is found at the next observation.
 */
async function switchOff(plugin: Plugin, ports: SwitchingPorts): Promise<void> {
  const { name, queueArn, queueUrl } = plugin;
  const mapping = await ports.mappings.of(queueArn);
  if (mapping === undefined) return;
  await ports.registry.setSwitchedOff(name, true);
  const outcome = await ports.mappings.setEnabled(mapping.id, false);
  logger.info('switched off', { plugin: name, outcome });
  if (outcome === 'later') return ports.registry.setSwitchedOff(name, false);
  const queue = (await ports.queueGauges.read([queueUrl])).get(queueUrl);
  if (!isAtRest({ queue })) await switchOn(plugin, ports);
}
