import type { JournalEntry } from '../../src/core/journal-entry.ts';
import type { InFlightTask } from '../../src/core/task.ts';
import type { Aftermath } from './world.ts';

/** Instances remember plugins for 5 s, read them for some more, and their clocks differ. */
const KNOWN_BY_ALL_MS = 30_000;

/** Clocks of two instances differ by no more than this. */
const SKEW_MS = 5000;

/** New tasks that went to a plugin that a person held back, as everybody knew. */
export function sentAlthoughHeld(
  journal: readonly JournalEntry[],
  { heldByHand, scenario }: Pick<Aftermath, 'heldByHand' | 'scenario'>,
): readonly string[] {
  const seen = new Set<string>();
  // A stateful plugin that drains finishes its open sessions.
  const stateful = scenario.plugins.flatMap(({ definition: { name, stateful } }) =>
    stateful ? [name] : [],
  );
  const open = new Set<string>();
  return journal.flatMap((entry) => {
    const { number, at } = entry;
    const sent = sentIn(entry);
    const wrong = sent.filter(
      (task) =>
        task.undoes === undefined &&
        !seen.has(task.taskId) &&
        !open.has(task.plugin) &&
        heldByHand.some(
          ({ plugin, from, until }) =>
            plugin === task.plugin && at > from + KNOWN_BY_ALL_MS && at < until - SKEW_MS,
        ),
    );
    for (const { taskId, plugin } of sent) {
      seen.add(taskId);
      if (stateful.includes(plugin)) open.add(plugin);
    }
    return wrong.map(({ job, plugin }) => `entry ${number}: ${job}, and ${plugin} was held back`);
  });
}

/** Tasks that went to a new plugin before its first canary. One that a person has reopened needs none. */
export function sentUntried({
  scenario,
  journals,
  heldByHand,
}: Pick<Aftermath, 'scenario' | 'journals' | 'heldByHand'>): readonly string[] {
  const sent = [...journals.values()].flat().flatMap(sentIn);
  return scenario.plugins.flatMap(({ definition: { name, quarantine } }) => {
    const isHeld = quarantine !== false && quarantine?.beginsWithCanary;
    if (!isHeld || heldByHand.some(({ plugin }) => plugin === name)) return [];
    const own = sent.filter(({ plugin }) => plugin === name);
    const canariesAt = own.filter(({ canary }) => canary).map(({ dispatchedAt }) => dispatchedAt);
    const triedAt = Math.min(...canariesAt) - SKEW_MS;
    const early = own.filter(({ canary, dispatchedAt }) => !canary && dispatchedAt < triedAt);
    return early.map(({ job }) => `${job} went to ${name} before any canary`);
  });
}

/** The attempts that an entry sends. */
function sentIn({ state, number }: JournalEntry): readonly InFlightTask[] {
  const tasks = 'stage' in state ? (state.stage?.tasks ?? []) : [];
  return tasks.filter(
    (task): task is InFlightTask => task.status === 'inFlight' && task.entry === number,
  );
}
