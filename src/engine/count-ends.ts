import { ALL_AD_HOC, isAdHoc } from '../contract/ad-hoc-name.ts';
import type { Verdict } from '../core/verdict.ts';
import type { Ended } from '../ports/counts.ts';
import { endedBetween } from './ended-between.ts';
import type { StoredDecision } from './ended-spans.ts';

/**
 * What ended with the decision, for the counts: its order, and attempts. Whoever stored the entry counts it, so that nothing counts twice.
 * An order that failed and is retried ends twice, and counts for both ends.
 */
export function endsIn({ before, entry, verdicts }: StoredDecision): readonly Ended[] {
  const attempts = verdicts.map(endOfAttempt);
  const { state } = entry;
  if (!endedBetween(before, state)) return attempts;
  const { name } = state.workflow;
  const order: Ended = {
    by: 'workflow',
    name: isAdHoc(name) ? ALL_AD_HOC : name,
    how: state.status,
  };
  if (state.status !== 'failed') return [...attempts, order];
  return [...attempts, order, { by: 'errorCode', name: state.error.code, how: 'failed' }];
}

function endOfAttempt({ plugin, outcome }: Verdict): Ended {
  return { by: 'plugin', name: plugin, how: outcome === 'worked' ? 'completed' : 'failed' };
}
