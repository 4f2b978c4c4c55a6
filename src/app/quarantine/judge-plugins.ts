import type { ClientsEnd, FailureWindow } from '../../core/failure-window.ts';
import { endsIn, reasonToClose, withEnds } from '../../core/failure-window.ts';
import type { Instant } from '../../core/json.ts';
import type { Plugin } from '../../core/plugin.ts';
import type { QuarantineRule } from '../../core/quarantine.ts';
import { canaryFailed, closed, isHeldBack } from '../../core/quarantine.ts';
import { logger } from '../logger.ts';
import type { Judge, Judgement } from './judgement.ts';
import { cut } from './judgement.ts';
import type { TendingPorts } from './tend-plugin.ts';
import { markHeld, reopen, ruleOf, setTimer } from './tend-plugin.ts';

/** Whoever else writes the window is done within moments. */
const MOST_RACES = 5;

/**
 * Counts how the attempts of plugins end, and closes a plugin that fails too often. An instance keeps to itself what works, and tells of it
 * only with a failure: a plugin without failures costs nothing. Counting is not worth a message that comes again: what cannot be
 * counted is left out, and a canary whose end is lost is followed by another.
 */
export function createJudge(ports: TendingPorts): Judge {
  const untold = new Map<string, FailureWindow>();

  return async (judgements) => {
    if (judgements.length === 0) return;
    try {
      const plugins = await ports.registry.plugins();
      for (const [name, own] of Map.groupBy(judgements, ({ plugin }) => plugin)) {
        const plugin = plugins.get(name);
        if (plugin !== undefined) await judge(plugin, own);
      }
    } catch (error) {
      logger.warn('attempts are not counted', { error: error as Error });
    }
  };

  async function judge(plugin: Plugin, judgements: readonly Judgement[]): Promise<void> {
    for (const one of judgements) if (one.canary) await afterCanary(plugin, one, ports);
    const { quarantined } = plugin;
    if (plugin.quarantine === false || isHeldBack(quarantined)) return;
    const rule = ruleOf(plugin);
    const now = ports.clock();
    // What was sent to it before it reopened says nothing of it as it is now.
    const since = quarantined?.since ?? 0;
    const counted = judgements.filter(
      ({ canary, dispatchedAt = now }) => !canary && dispatchedAt >= since,
    );
    const ends = counted.flatMap((one) => endOf(one, now));
    const window = withEnds(untold.get(plugin.name) ?? {}, ends, rule, now);
    untold.set(plugin.name, window);
    const last = counted.findLast(({ outcome }) => outcome === 'failed');
    if (last === undefined) return;
    const known = await report(plugin.name, window, rule, now);
    untold.delete(plugin.name);
    const reason = reasonToClose(known, rule);
    if (reason !== undefined) await close(plugin, `${reason}; the last one: ${told(last)}`, ports);
  }

  /** @returns what is known of the plugin, by all who have told of it */
  async function report(
    name: string,
    window: FailureWindow,
    rule: QuarantineRule,
    now: Instant,
  ): Promise<FailureWindow> {
    for (let races = 0; races < MOST_RACES; races += 1) {
      const read = await ports.failureWindows.get(name);
      const whole = withEnds(read?.window ?? {}, endsIn(window), rule, now);
      const until = now + 1000 * rule.windowSeconds;
      if (await ports.failureWindows.put(name, whole, until, read)) return whole;
    }
    throw new Error(`${name}: its failures are in too many hands`);
  }
}

function endOf({ outcome, client = '', orderId }: Judgement, at: Instant): readonly ClientsEnd[] {
  switch (outcome) {
    case 'worked':
      return [{ client, at }];
    case 'failed':
      return [{ client, at, order: orderId }];
    case 'refused':
      return [];
  }
}

function told({ error }: Judgement): string {
  if (error === undefined) return 'unknown';
  const { code, message } = cut(error);
  return `${code}: ${message}`;
}

async function close(plugin: Plugin, reason: string, ports: TendingPorts): Promise<void> {
  const { name } = plugin;
  const read = await ports.quarantines.get(name);
  if (isHeldBack(read)) return;
  const next = closed(name, reason, ruleOf(plugin), ports.clock());
  if (!(await markHeld(next, read, ports))) return;
  // This instance knows at once; the others within the lifetime of what they remember.
  await ports.registry.plugins({ fresh: true });
  await setTimer(name, next.canaryAt, ports);
}

async function afterCanary(
  plugin: Plugin,
  judgement: Judgement,
  ports: TendingPorts,
): Promise<void> {
  const { name } = plugin;
  const { outcome } = judgement;
  const read = await ports.quarantines.get(name);
  if (read?.phase !== 'closed' || read.canaryAt === undefined) return;
  if (outcome !== 'failed') {
    await reopen(name, { reason: 'a canary worked' }, plugin, ports);
    return;
  }
  const { version: _, ...quarantine } = read;
  const next = canaryFailed(quarantine, ruleOf(plugin), ports.clock());
  logger.info('canary failed', { plugin: name, canaries: next.failedCanaries });
  // That a new plugin was held back was no news; that it fails is.
  const reason = `it is new, and its first task failed: ${told(judgement)}`;
  const isStored = quarantine.isNew
    ? await markHeld({ ...next, reason, since: ports.clock() }, read, ports)
    : await ports.quarantines.put(next, read);
  if (isStored) await setTimer(name, next.canaryAt, ports);
}
