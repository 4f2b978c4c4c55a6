import { Age } from '../elements/age.tsx';
import { Status } from '../elements/status.tsx';
import type { ScheduleRun } from '../messages.ts';
import { outcomeReason, outcomeWords } from './schedule-words.ts';

/** What became of one run, when, and why it placed no order. */
export function RunLine({ run }: { readonly run: ScheduleRun }) {
  const why = outcomeReason(run);
  return (
    <span>
      <Status words={outcomeWords(run.outcome)} />{' '}
      <span class="dim">
        <Age at={run.at} />
        {run.until !== undefined && (
          <>
            {' '}
            to <Age at={run.until} />
          </>
        )}
      </span>
      {why !== undefined && (
        <span class={run.outcome === 'refused' ? 'why' : 'why dim'}>{why}</span>
      )}
    </span>
  );
}
