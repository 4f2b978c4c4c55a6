import type { PluginFact } from '../../core/command.ts';
import type { ParkedOrder } from '../../core/parking.ts';
import type { Plugin } from '../../core/plugin.ts';
import type {
  HeldPlugin,
  Quarantine,
  QuarantineRule,
  ReopeningPlugin,
} from '../../core/quarantine.ts';
import {
  canarySent,
  DEFAULT_RULE,
  firstWave,
  foundEmpty,
  isHeldBack,
  reopened,
  waveOf,
  waveSent,
} from '../../core/quarantine.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FailureWindows } from '../../ports/failure-windows.ts';
import type { Messenger, OutgoingMessage } from '../../ports/messenger.ts';
import type { ParkedOrders } from '../../ports/parked-orders.ts';
import type { Quarantines, RecordedQuarantine } from '../../ports/quarantines.ts';
import type { QueueGauges } from '../../ports/queue-gauges.ts';
import type { Registry } from '../../ports/registry.ts';
import { logger } from '../logger.ts';
import { queuedIn } from '../scaling/queue-load.ts';

export interface TendingPorts {
  readonly quarantines: Quarantines;
  readonly parkedOrders: ParkedOrders;
  readonly failureWindows: FailureWindows;
  readonly registry: Pick<Registry, 'plugins'>;
  readonly queueGauges: QueueGauges;
  readonly messenger: Messenger;
  readonly clock: Clock;
}

/** How many tasks of a wave are sent at a time. */
const AT_ONCE = 100;

/** SQS delays no message longer; what is due later is left to the sweep. Seconds. */
const LONGEST_TIMER = 900;

/**
 * Does what is due for a plugin in quarantine: sends a canary, or a wave, or ends the quarantine. The quarantine is written first, on the
 * condition that it is still as it was read: of several that tend the plugin at once, one sends. If it dies before, the next one comes a minute later.
 */
export async function tendPlugin(name: string, ports: TendingPorts): Promise<void> {
  const quarantine = await ports.quarantines.get(name);
  if (quarantine === undefined) return;
  const plugin = (await ports.registry.plugins({ naming: [name] })).get(name);
  if (quarantine.phase === 'reopening') await sendWave(quarantine, plugin, ports);
  else if (plugin === undefined) {
    // Its tasks meet what every task meets whose plugin is gone.
    await reopen(name, { reason: 'it is registered no more' }, undefined, ports);
  } else if (quarantine.phase === 'closed') await sendCanary(quarantine, plugin, ports);
}

/** Once a minute: what is due for all of them. One that fails keeps nobody from the rest. */
export async function tendPlugins(ports: TendingPorts): Promise<void> {
  for (const { plugin } of await ports.quarantines.list()) {
    try {
      await tendPlugin(plugin, ports);
    } catch (error) {
      logger.error('quarantine', { plugin, error: error as Error });
    }
  }
}

/** The plugin takes tasks again, if it was closed; the first of those that were parked are sent at once. */
export async function reopen(
  name: string,
  { reason }: { readonly reason: string },
  plugin: Plugin | undefined,
  ports: TendingPorts,
): Promise<void> {
  const read = await ports.quarantines.get(name);
  if (!isHeldBack(read)) return;
  if ((await markReopened(read, { reason }, plugin, ports)) === undefined) return;
  await ports.registry.plugins({ fresh: true });
  await tendPlugin(name, ports);
}

/** @returns whether the plugin is held back now; somebody else may have changed its quarantine since it was read */
export async function markHeld(
  next: HeldPlugin,
  read: RecordedQuarantine | undefined,
  ports: Pick<TendingPorts, 'quarantines' | 'failureWindows' | 'messenger'>,
): Promise<boolean> {
  const { plugin, phase, reason, since, actor } = next;
  const by = actor === undefined ? {} : { actor };
  const type = phase === 'draining' ? 'plugin.draining' : 'plugin.quarantined';
  await tell({ type, plugin, reason, since, ...by }, ports);
  if (!(await ports.quarantines.put(next, read))) return false;
  logger.warn(type, { plugin, reason, ...by });
  await ports.failureWindows.remove(plugin);
  return true;
}

/** @returns the quarantine as it ends now; `undefined` if somebody else has changed it since it was read */
export async function markReopened(
  read: RecordedQuarantine,
  { reason, actor }: { readonly reason: string; readonly actor?: string },
  plugin: Plugin | undefined,
  ports: Pick<TendingPorts, 'quarantines' | 'failureWindows' | 'messenger' | 'clock'>,
): Promise<Quarantine | undefined> {
  const { plugin: name } = read;
  const since = ports.clock();
  const by = actor === undefined ? {} : { actor };
  await tell({ type: 'plugin.reopened', plugin: name, reason, since, ...by }, ports);
  // Failures of before are no reason to close it again.
  await ports.failureWindows.remove(name);
  const next = { ...reopened(name, reason, firstWave(plugin?.concurrency.base), since), ...by };
  if (!(await ports.quarantines.put(next, read))) return undefined;
  logger.info('plugin reopened', { plugin: name, reason, ...by });
  return next;
}

/** Tells others before it is so: rather a fact told twice than one never told. */
async function tell(
  fact: Extract<
    PluginFact,
    { readonly type: 'plugin.quarantined' | 'plugin.draining' | 'plugin.reopened' }
  >,
  { messenger }: Pick<TendingPorts, 'messenger'>,
): Promise<void> {
  const [unsent] = await messenger.send([{ to: 'lifecycle', orderId: '', body: fact }]);
  if (unsent !== undefined) throw unsent.error;
}

export function ruleOf(plugin: Plugin | undefined): QuarantineRule {
  return plugin?.quarantine || DEFAULT_RULE;
}

async function sendCanary(
  read: Extract<RecordedQuarantine, { readonly phase: 'closed' }>,
  plugin: Plugin,
  ports: TendingPorts,
): Promise<void> {
  const { quarantines, parkedOrders, clock } = ports;
  const { version: _, ...quarantine } = read;
  const next = canarySent(quarantine, ruleOf(plugin), clock());
  if (next === undefined) return;
  const [place] = await parkedOrders.first(plugin.name, 1);
  // Whoever is parked next says so.
  if (place === undefined) return;
  if (!(await quarantines.put(next, read))) return;
  logger.info('canary', { plugin: plugin.name, orderId: place.orderId });
  await release([place], true, ports);
  await setTimer(plugin.name, next.canaryAt, ports);
}

async function sendWave(
  read: Extract<RecordedQuarantine, { readonly phase: 'reopening' }>,
  plugin: Plugin | undefined,
  ports: TendingPorts,
): Promise<void> {
  const { quarantines, parkedOrders, clock } = ports;
  const { version: _, ...quarantine } = read;
  const name = quarantine.plugin;
  const load = { queued: await queuedAt(plugin, ports), ordered: plugin?.ordered !== undefined };
  const most = waveOf(quarantine, load, clock());
  if (most === 0) return;
  const places = await parkedOrders.first(name, most);
  if (places.length === 0) return endIfEmpty(quarantine, read, ports);
  const next = waveSent(quarantine, places.length, clock());
  if (!(await quarantines.put(next, read))) return;
  logger.info('wave', { plugin: name, tasks: places.length });
  for (let from = 0; from < places.length; from += AT_ONCE) {
    await release(places.slice(from, from + AT_ONCE), false, ports);
  }
  await setTimer(name, next.waveAt, ports);
}

async function endIfEmpty(
  quarantine: ReopeningPlugin,
  read: RecordedQuarantine,
  { quarantines, clock }: TendingPorts,
): Promise<void> {
  const next = foundEmpty(quarantine, clock());
  if (next === undefined) return;
  if (next !== 'over') await quarantines.put(next, read);
  else if (await quarantines.remove(read)) logger.info('quarantine over', { plugin: read.plugin });
}

async function queuedAt(plugin: Plugin | undefined, { queueGauges }: TendingPorts) {
  if (plugin === undefined) return 0;
  return queuedIn((await queueGauges.read([plugin.queueUrl])).get(plugin.queueUrl));
}

/** The message first: whoever dies between leaves a place whose order is let through already, which changes nothing. */
async function release(
  places: readonly ParkedOrder[],
  isCanary: boolean,
  { messenger, parkedOrders }: TendingPorts,
): Promise<void> {
  const messages = places.map(({ orderId, plugin, entry: parkedIn }): OutgoingMessage => {
    const canary = isCanary ? { canary: true as const } : {};
    const body = { type: 'TaskReleased', orderId, plugin, parkedIn, ...canary } as const;
    return { to: 'orchestrator', orderId, delaySeconds: 0, body };
  });
  const unsent = await messenger.send(messages);
  const left = new Set(unsent.map(({ message }) => message.orderId));
  const sent = places.filter(({ orderId }) => !left.has(orderId));
  await Promise.all(sent.map((place) => parkedOrders.remove(place)));
  if (unsent[0] !== undefined) throw unsent[0].error;
}

/** So that what is due need not wait for the sweep. */
export async function setTimer(
  plugin: string,
  at: number | undefined,
  { messenger, clock }: Pick<TendingPorts, 'messenger' | 'clock'>,
): Promise<void> {
  if (at === undefined) return;
  const delaySeconds = Math.max(0, Math.ceil((at - clock()) / 1000));
  if (delaySeconds > LONGEST_TIMER) return;
  const body = { type: 'PluginDue', plugin } as const;
  await messenger.send([{ to: 'orchestrator', orderId: '', delaySeconds, body }]);
}
