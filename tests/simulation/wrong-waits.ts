import type { JournalEntry } from '../../src/core/journal-entry.ts';
import type { Instant } from '../../src/core/json.ts';
import type { StageProgress } from '../../src/core/order.ts';
import { stepAt } from '../../src/core/stage.ts';
import type { Wait } from '../../src/core/task.ts';
import type { Workflow } from '../../src/core/workflow.ts';

/** The clocks by which a wait ends and its order does are those of two processes. */
const CLOCKS_DIFFER_MS = 2000;

/**
 * Waits until an instant that did not last until then, or were for another one; and waits that did not stand still while their order was
 * paused.
 * @param instants for which the order waits, as the model has it
 */
export function wrongWaits(
  journal: readonly JournalEntry[],
  instants: ReadonlySet<Instant>,
  workflow: Workflow,
): readonly string[] {
  const last = journal.at(-1);
  const latest = Math.max(...instants, 0);
  const endedAt = last?.at ?? 0;
  const early = latest - CLOCKS_DIFFER_MS > endedAt ? [`it ended before ${iso(latest)}`] : [];
  return [...early, ...journal.flatMap((entry, at) => wrongIn(entry, journal[at - 1]))];

  function wrongIn({ number, state, at }: JournalEntry, before?: JournalEntry): string[] {
    const stage = stageOf(state);
    return waitsIn(stage).flatMap((wait) => {
      const step = stage && stepAt(workflow, stage, wait.step);
      const hasBegun = wait.entry === number;
      if (step !== undefined && 'waitUntil' in step && hasBegun && !instants.has(wait.until)) {
        return [`entry ${number}: it waits until ${iso(wait.until)}`];
      }
      // It is none of those that stood still.
      if (hasBegun || before?.state.status !== 'paused' || state.status === 'paused') return [];
      const was = waitsIn(stageOf(before.state)).find(({ step }) => step === wait.step);
      const movedMs = wait.until - (was?.until ?? wait.until);
      const pausedMs = at - before.state.pausedAt;
      if (was === undefined || movedMs === Math.max(0, pausedMs)) return [];
      return [`entry ${number}: a pause of ${pausedMs} ms moved a wait by ${movedMs} ms`];
    });
  }
}

function stageOf(state: JournalEntry['state']): StageProgress | undefined {
  return 'stage' in state ? state.stage : undefined;
}

function waitsIn(stage: StageProgress | undefined): readonly Wait[] {
  return stage?.tasks.filter((task): task is Wait => task.status === 'waiting') ?? [];
}

function iso(instant: Instant): string {
  return new Date(instant).toISOString();
}
