import { defined } from '../../core/defined.ts';
import type { Instant } from '../../core/json.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Drain, Drains } from '../../ports/drains.ts';
import type { QueueGauges } from '../../ports/queue-gauges.ts';
import type { Registry, StackRequest } from '../../ports/registry.ts';
import { CACHED_MS } from '../../ports/registry.ts';
import { logger } from '../logger.ts';
import { respond } from './custom-resource.ts';
import type { SessionPorts } from './open-sessions.ts';
import { orderWithOpenSession } from './open-sessions.ts';

export interface DrainPorts {
  readonly registry: Registry;
  readonly drains: Drains;
  readonly queueGauges: QueueGauges;
  readonly clock: Clock;
}

/** By then every instance knows that the plugin retires, and what one has sent it just before is counted. */
export const SETTLED_AFTER_MS = CACHED_MS + 1000;

/** A plugin that cannot finish must not hold up its stack for ever: the stack waits 20 minutes (infra/plugin-resources/drain.ts). */
const LONGEST_DRAIN_MS = 15 * 60_000;

/**
 * Sessions take longer, and are not given up: after this time the removal fails, the plugin stays and drains on, and its removal may be asked
 * for again. CloudFormation waits for an hour, which is the most.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html (ServiceTimeout)
 */
const LONGEST_STATEFUL_DRAIN_MS = 50 * 60_000;

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
    ...defined({ stateful: plugin.stateful }),
    reply: { ResponseURL, StackId, RequestId, LogicalResourceId },
  });
  return true;
}

/** What it takes to see whether sessions are open; who has not got it leaves stateful plugins to the sweep. */
export type FinishPorts = DrainPorts & { readonly sessions?: SessionPorts };

/**
 * Tells the stacks whose plugins have finished, and those that have waited long enough. The rest is asked again when the sweep comes
 * round: once a minute. SQS's counts are approximate; what they miss is a task that fails with its deadline, as if the plugin had died.
 */
export async function finishDrains(ports: FinishPorts, until?: Instant): Promise<void> {
  const { drains, queueGauges, clock, sessions } = ports;
  const settled = (await drains.list())
    .filter(({ since }) => clock() - since >= SETTLED_AFTER_MS)
    .filter(({ stateful }) => stateful === undefined || sessions !== undefined);
  if (settled.length === 0) return;
  const gauges = await queueGauges.read(settled.map(({ queueUrl }) => queueUrl));
  for (const drain of settled) {
    const { visible, inFlight, delayed } = gauges.get(drain.queueUrl) ?? NO_QUEUE;
    const left = visible + inFlight + delayed;
    const tasks = left > 0 ? `${left} of its tasks are not done` : undefined;
    await finish(drain, tasks ?? (await openSession(drain, ports, until)), ports);
  }
}

/** What the drain still waits for besides tasks, if for anything. */
async function openSession(
  { plugin: name, stateful }: Drain,
  { registry, sessions }: FinishPorts,
  until: Instant | undefined,
): Promise<string | undefined> {
  if (stateful === undefined || sessions === undefined) return undefined;
  const plugin = await registry.find(name);
  const order = plugin && (await orderWithOpenSession(plugin, sessions, until));
  if (order === undefined) return undefined;
  return order === 'unknown'
    ? 'not all orders could be looked at'
    : `order ${order} has a session with it`;
}

/** @param waitsFor why it is not drained yet, if so */
async function finish(
  { plugin, since, reply, stateful }: Drain,
  waitsFor: string | undefined,
  { drains, clock }: FinishPorts,
): Promise<void> {
  const longestMs = stateful ? LONGEST_STATEFUL_DRAIN_MS : LONGEST_DRAIN_MS;
  const isOverdue = clock() - since >= longestMs;
  if (waitsFor !== undefined && !isOverdue) {
    if (stateful) logger.info('draining', { plugin, waitsFor });
    return;
  }
  const log = waitsFor === undefined ? logger.info.bind(logger) : logger.warn.bind(logger);
  log('drained', { plugin, ...defined({ waitsFor }) });
  const ended = { physicalId: drainIdOf(plugin), data: {} };
  const goesOn = { physicalId: drainIdOf(plugin), reason: reasonToStay(plugin, waitsFor) };
  try {
    await respond(reply, stateful && waitsFor !== undefined ? goesOn : ended);
  } catch (error) {
    logger.error('the stack did not hear that its plugin is drained', { plugin, error });
    if (!isOverdue) return;
  }
  await drains.remove(plugin);
}

function reasonToStay(plugin: string, waitsFor = ''): string {
  return `plugin ${plugin} is stateful, and ${waitsFor}; it takes no new sessions and drains on: remove it again later`;
}

const NO_QUEUE = { visible: 0, inFlight: 0, delayed: 0 };

export const drainIdOf = (plugin: string): string => `drain/${plugin}`;
