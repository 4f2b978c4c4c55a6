import type { JournalEntry } from '../../src/core/journal-entry.ts';
import type { Instant } from '../../src/core/json.ts';
import { hasEnded } from '../../src/core/order.ts';
import { awaitsTurn } from '../../src/core/task.ts';
import { START } from './instants.ts';
import { boundsOf, inHands } from './shares.ts';
import { WEATHERS } from './weather.ts';
import type { Aftermath } from './world.ts';

/** A message through the orchestrator's queue, and a batch of it. */
const AT_ONCE_MS = 10_000;

/** What was taken by a process that died is given back by the sweep, when it has doubted it for five minutes: the sweeps may die, too. */
const AFTER_DEATHS_MS = 1_200_000;

/** Clocks of two instances differ by as much. */
const SKEW_MS = 4000;

interface Wait {
  readonly share: string;
  readonly orderId: string;
  readonly job: string;
  readonly from: Instant;
  readonly until: Instant;
}

/** Tasks that waited for a turn longer than they may, while there was one. */
export function waitedInVain(aftermath: Aftermath): readonly { orderId: string; text: string }[] {
  const { journals, ledger, weather, scenario } = aftermath;
  const waits = [...journals.values()].flatMap(waitsIn);
  if (waits.length === 0) return [];
  const steps = stepsIn([...journals.values()]);
  return waits.flatMap(({ share, orderId, job, from, until }) => {
    const [plugin = ''] = share.split(' ');
    const bounds = boundsOf(plugin, scenario, START);
    const roomMs = longestRoom(steps.get(share) ?? [], bounds, from, until - SKEW_MS);
    const clocksMs = weather.skewMs === 0 ? 0 : 2 * SKEW_MS;
    const mayMs = weather === WEATHERS.calm ? AT_ONCE_MS : AFTER_DEATHS_MS;
    const others = steps.get(share)?.map((step) => step.orderId) ?? [];
    const heldUpMs = Math.max(
      ...[orderId, ...others].map((id) => ledger.heldUpMs(id, from, until)),
    );
    if (roomMs <= mayMs + clocksMs + heldUpMs) return [];
    const text = `${job} waited for a turn for ${Math.round(roomMs / 1000)} s while there was room`;
    return [{ orderId, text }];
  });
}

/** How many waits for a turn there were. */
export function countWaits(journals: Aftermath['journals']): number {
  return [...journals.values()].flatMap(waitsIn).length;
}

function waitsIn(journal: readonly JournalEntry[]): readonly Wait[] {
  const waits: Wait[] = [];
  const open = new Map<string, Instant>();
  for (const [index, { state, at, orderId }] of journal.entries()) {
    const isGoing = !hasEnded(state) && (state.status === 'running' || state.status === 'waiting');
    const tasks = isGoing ? state.stage.tasks.filter(awaitsTurn) : [];
    for (const { plugin, taskId, job } of tasks) {
      const key = `${taskId} ${job} ${plugin}`;
      if (!open.has(key)) open.set(key, at);
    }
    for (const [key, from] of open) {
      const [taskId, job = '', plugin = ''] = key.split(' ');
      if (tasks.some((task) => task.taskId === taskId) && journal[index + 1] !== undefined)
        continue;
      waits.push({ share: `${plugin} ${state.client}`, orderId, job, from, until: at });
      open.delete(key);
    }
  }
  return waits;
}

interface Step {
  readonly at: Instant;
  readonly change: number;
  readonly orderId: string;
}

/** By share: when a task came into its plugin's hands, and when it went. */
function stepsIn(journals: readonly (readonly JournalEntry[])[]) {
  const steps = new Map<string, Step[]>();
  for (const journal of journals) {
    let before = new Map<string, number>();
    for (const { state, at, orderId } of journal) {
      const tasks = state.client === undefined ? [] : inHands(state);
      const after = new Map<string, number>();
      for (const { plugin } of tasks) {
        const share = `${plugin} ${state.client}`;
        after.set(share, (after.get(share) ?? 0) + 1);
      }
      for (const share of new Set([...before.keys(), ...after.keys()])) {
        const change = (after.get(share) ?? 0) - (before.get(share) ?? 0);
        if (change !== 0) steps.set(share, [...(steps.get(share) ?? []), { at, change, orderId }]);
      }
      before = after;
    }
  }
  for (const list of steps.values()) list.sort((a, b) => a.at - b.at);
  return steps;
}

/** The longest time between the instants in which the plugin had fewer than it takes. */
function longestRoom(
  steps: readonly Step[],
  bounds: ReturnType<typeof boundsOf>,
  from: Instant,
  until: Instant,
): number {
  const moments = [...steps.map(({ at }) => at), ...bounds.map((bound) => bound.from), until];
  let longest = 0;
  let since: Instant | undefined;
  for (const moment of [from, ...moments.filter((at) => at > from && at < until), until].toSorted(
    (a, b) => a - b,
  )) {
    if (since !== undefined) longest = Math.max(longest, moment - since);
    const has = steps.filter(({ at }) => at <= moment).reduce((sum, { change }) => sum + change, 0);
    const most = bounds.findLast((bound) => bound.from <= moment)?.most ?? Infinity;
    if (has >= most) since = undefined;
    else since ??= moment;
  }
  return longest;
}
