import type { Clock } from '../../ports/clock.ts';
import type { Drain, Drains } from '../../ports/drains.ts';
import type { QueueGauges } from '../../ports/queue-gauges.ts';
import type { Registry, StackRequest } from '../../ports/registry.ts';
import { CACHED_MS } from '../../ports/registry.ts';
import { logger } from '../logger.ts';
import { respond } from './custom-resource.ts';

export interface DrainPorts {
  readonly registry: Registry;
  readonly drains: Drains;
  readonly queueGauges: QueueGauges;
  readonly clock: Clock;
}

/** By then every instance knows that the plugin retires, and what one has sent it just before is counted. */
export const SETTLED_AFTER_MS = CACHED_MS + 1000;

/** A plugin that cannot finish must not hold up its stack for ever: the stack waits 20 minutes (infra/plugin-resources/drain.ts). */
export const LONGEST_DRAIN_MS = 15 * 60_000;

/**
 * From here on the plugin gets nothing new.
 * @param registration The logical id of the resource that registered it.
 * @returns Whether there is anything to wait for: nothing if that resource has no such plugin any more.
 */
export async function beginDrain(
  name: string,
  registration: string,
  reply: Drain['reply'],
  by: StackRequest,
  { registry, drains, clock }: DrainPorts,
): Promise<boolean> {
  if (!(await registry.setDraining(name, registration, by))) return false;
  const plugin = await registry.find(name);
  if (plugin === undefined) return false;
  const { ResponseURL, StackId, RequestId, LogicalResourceId } = reply;
  // The same request once more does not wait from the beginning.
  const under = (await drains.list()).find((one) => one.reply.RequestId === RequestId);
  await drains.put({
    ...{ plugin: name, queueUrl: plugin.queueUrl, since: under?.since ?? clock() },
    reply: { ResponseURL, StackId, RequestId, LogicalResourceId },
  });
  return true;
}

/**
 * Tells the stacks whose plugins have finished, and those that have waited long enough. The rest is asked again when the sweep comes
 * round: once a minute. SQS's counts are approximate; what they miss is a task that fails with its deadline, as if the plugin had died.
 */
export async function finishDrains(ports: Omit<DrainPorts, 'registry'>): Promise<void> {
  const { drains, queueGauges, clock } = ports;
  const settled = (await drains.list()).filter(({ since }) => clock() - since >= SETTLED_AFTER_MS);
  if (settled.length === 0) return;
  const gauges = await queueGauges.read(settled.map(({ queueUrl }) => queueUrl));
  for (const drain of settled) {
    const { plugin, queueUrl, since, reply } = drain;
    const { visible, inFlight, delayed } = gauges.get(queueUrl) ?? NO_QUEUE;
    const left = visible + inFlight + delayed;
    const isOverdue = clock() - since >= LONGEST_DRAIN_MS;
    if (left > 0 && !isOverdue) continue;
    const log = left > 0 ? logger.warn.bind(logger) : logger.info.bind(logger);
    log('drained', { plugin, left });
    try {
      await respond(reply, { physicalId: drainIdOf(plugin), data: {} });
    } catch (error) {
      logger.error('the stack did not hear that its plugin is drained', { plugin, error });
      if (!isOverdue) continue;
    }
    await drains.remove(plugin);
  }
}

const NO_QUEUE = { visible: 0, inFlight: 0, delayed: 0 };

export const drainIdOf = (plugin: string): string => `drain/${plugin}`;
