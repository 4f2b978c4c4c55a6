import { RefusedError, UnreachableError } from '../../client/errors.ts';
import type { Polled } from '../reading/use-polled.ts';
import { Problem } from './problem.tsx';

/** What went wrong with the latest look. That nobody answers, the bar says already, with the age of what is shown. */
export function Trouble({ of: { error } }: { readonly of: Polled<unknown> }) {
  if (error === undefined || error instanceof UnreachableError) return null;
  return <Problem error={error} />;
}

/** Before the first answer: a quiet place that keeps its room, or why there is none. */
export function Loading({ of: { error } }: { readonly of: Polled<unknown> }) {
  if (error instanceof RefusedError && error.code === 'FORBIDDEN') {
    return <p class="dim">This token does not see this; an operator's does.</p>;
  }
  if (error !== undefined) return <Problem error={error} />;
  return (
    <div class="loading" aria-busy="true">
      Reading …
    </div>
  );
}
