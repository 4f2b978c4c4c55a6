import type { ComponentChildren } from 'preact';
import { RefusedError } from '../../client/errors.ts';
import type { Polled } from '../reading/use-polled.ts';
import { to } from '../router.ts';
import { sentence } from '../words/problem-words.ts';
import { Empty } from './empty.tsx';
import { Loading } from './loading.tsx';
import { Problem } from './problem.tsx';

/** A whole screen before its first answer; where there will be none, why, and where to go. */
export function LoadingScreen({
  of: polled,
  children,
}: {
  readonly of: Polled<unknown>;
  /** Where to go from a screen whose matter does not exist. */
  readonly children?: ComponentChildren;
}) {
  const { error } = polled;
  if (error instanceof RefusedError && error.code === 'FORBIDDEN') return <NotForThisToken />;
  if (error instanceof RefusedError && error.code === 'NOT_FOUND') {
    return (
      <Empty title={sentence(error.problem.detail)} isScreen={true}>
        <p>It may have expired, or belong to another client.</p>
        {children}
      </Empty>
    );
  }
  if (error !== undefined) return <Problem error={error} isScreen={true} />;
  return <Loading of={polled} />;
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
