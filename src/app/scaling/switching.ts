import type { Plugin } from '../../core/plugin.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Mappings } from '../../ports/mappings.ts';
import type { PluginMetrics } from '../../ports/plugin-metrics.ts';
import type { QueueGauges } from '../../ports/queue-gauges.ts';
import type { Registry } from '../../ports/registry.ts';
import { logger } from '../logger.ts';
import type { ObservedPlugin } from './observation.ts';
import { isEmpty } from './queue-load.ts';

export interface SwitchingPorts {
  readonly registry: Registry;
  readonly mappings: Mappings;
  readonly queueGauges: QueueGauges;
  readonly pluginMetrics: Pick<PluginMetrics, 'working'>;
  readonly clock: Clock;
}

/**
 * Enables the plugin's event source mapping, then marks the plugin as switched on. If the mapping is in the middle of another change,
 * the next observation tries again.
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

/** Switches off the plugins that have been idle for as long as they allow, and on those for which a task waits. */
export async function switchPlugins(
  plugins: readonly ObservedPlugin[],
  ports: SwitchingPorts,
): Promise<void> {
  const awaited = plugins.filter(isAwaited);
  await Promise.all(awaited.map(({ plugin }) => switchOn(plugin, ports)));
  const atRest = plugins.filter(({ queue }) => isEmpty(queue));
  const candidates = atRest.flatMap(({ plugin }) => {
    const { switchOffAfterIdleSeconds: withinSeconds, registeredAt, switchedOff } = plugin;
    if (withinSeconds === undefined || switchedOff) return [];
    return ports.clock() - registeredAt < withinSeconds * 1000 ? [] : [{ plugin, withinSeconds }];
  });
  if (candidates.length === 0) return;
  const working = await ports.pluginMetrics.working(candidates);
  const idle = candidates.filter(({ plugin }) => !working.has(plugin.name));
  await Promise.all(idle.map(({ plugin }) => switchOff(plugin, ports)));
}

/**
 * Whether a task waits and no instance takes it. The mapping of a plugin that is not marked as switched off may be disabled all
 * the same: `switchOn` and `switchOff` may have run at once, and each believes that it came last. Looking costs one call.
 */
function isAwaited({ plugin, queue }: ObservedPlugin): boolean {
  if (queue === undefined || queue.visible === 0) return false;
  if (plugin.switchedOff) return true;
  return plugin.switchOffAfterIdleSeconds !== undefined && queue.inFlight === 0;
}

/**
 * Marks the plugin as switched off first, then disables the mapping: anyone who sends a task after that wakes the plugin. A task that was
 * sent just before is already in the queue, so the queue is read once more; if SQS does not count the task yet, the next observation finds it.
 */
async function switchOff(plugin: Plugin, ports: SwitchingPorts): Promise<void> {
  const { name, queueArn, queueUrl } = plugin;
  const mapping = await ports.mappings.of(queueArn);
  if (mapping === undefined) return;
  await ports.registry.setSwitchedOff(name, true);
  const outcome = await ports.mappings.setEnabled(mapping.id, false);
  logger.info('switched off', { plugin: name, outcome });
  if (outcome === 'later') return ports.registry.setSwitchedOff(name, false);
  const queues = await ports.queueGauges.read([queueUrl]);
  if (!isEmpty(queues.get(queueUrl))) await switchOn(plugin, ports);
}
