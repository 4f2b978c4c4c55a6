import { RefusedError, UnreachableError } from '../../client/errors.ts';
import type { Polled } from '../reading/use-polled.ts';
import { to } from '../router.ts';
import { Empty } from './empty.tsx';
import { Problem } from './problem.tsx';

/** What went wrong with the latest look. That nobody answers, the bar says already, with the age of what is shown. */
export function Trouble({ of: { error } }: { readonly of: Polled<unknown> }) {
  if (error === undefined || error instanceof UnreachableError) return null;
  return <Problem error={error} />;
}

/** Before the first answer: a quiet place that keeps its room, or why there is none. */
export function Loading({ of: { error } }: { readonly of: Polled<unknown> }) {
  if (error instanceof RefusedError && error.code === 'FORBIDDEN') return <NotForThisToken />;
  if (error !== undefined) return <Problem error={error} />;
  return (
    <div class="loading" aria-busy="true">
      Reading …
    </div>
  );
}

function NotForThisToken() {
  return (
    <Empty title="This token does not see this." isScreen={true}>
      <p>
        A client's token sees that client's orders: <a href={to('/orders')}>show them</a>. An
        operator's token sees everything.
      </p>
    </Empty>
  );
}
