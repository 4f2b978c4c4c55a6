import { defined } from '../../src/core/defined.ts';
import type { JournalEntry } from '../../src/core/journal-entry.ts';
import type { OrderState } from '../../src/core/order.ts';
import type { Skip, Skips } from './sequential-model.ts';

/** What people have skipped, and with what. */
export function skipsIn(journal: readonly JournalEntry[]): Skips {
  return new Map(
    journal.flatMap(({ events }, index) =>
      events.flatMap((event) => {
        if (event.type !== 'SkipRequested') return [];
        const { job, result } = event;
        return [[job, { ...defined({ result }), ...overtaking(journal[index - 1]?.state, job) }]];
      }),
    ),
  );
}

/** Who had gone past the task, where the tasks of its stage stand in a row. */
function overtaking(state: OrderState | undefined, job: string): Skip {
  if (state === undefined || !('stage' in state) || state.stage?.stage === 'parallel') return {};
  const tasks = state.stage?.tasks ?? [];
  const place = tasks.findIndex((task) => 'job' in task && task.job === job);
  const past = tasks
    .slice(place + 1)
    .flatMap((task) => ('taskId' in task ? [task] : []))
    .filter(({ status, mandatory }) => status !== 'failed' || !mandatory);
  if (past.length === 0) return {};
  return {
    overtakenBy: past.map((task) => task.job),
    comesTooLate: past.some(({ status }) => status !== 'failed'),
  };
}
