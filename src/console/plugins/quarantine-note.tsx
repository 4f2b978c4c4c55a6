import type { ComponentChildren } from 'preact';
import { Age, Due } from '../elements/age.tsx';
import type { PluginStatus } from '../messages.ts';
import { countText } from '../words/numbers.ts';

const PHASES = { closed: 'held back', draining: 'draining', reopening: 'reopening' } as const;

/** Why a plugin is held back, what waits for its end, and what happens next. */
export function QuarantineNote({
  quarantine,
  children = 'It',
}: {
  readonly quarantine: NonNullable<PluginStatus['quarantine']>;
  /** Who is held back. */
  readonly children?: ComponentChildren;
}) {
  const { phase, since, reason, actor, nextCanaryAt, parked } = quarantine;
  const isClosed = phase === 'closed';
  return (
    <div class={isClosed ? 'problem' : 'note'} role="status">
      <p>
        <strong>
          {children} is {PHASES[phase]}
        </strong>{' '}
        {actor !== undefined && `by ${actor}, `}since <Age at={since} />: {reason}.{' '}
        {countText(parked, 'task is', 'tasks are')} parked
        {phase === 'reopening' ? ', and sent in waves' : ''}.
      </p>
      {phase === 'draining' && (
        <p class="dim">It finishes what it has; new tasks are parked until somebody reopens it.</p>
      )}
      {isClosed && (
        <p class="dim">
          {nextCanaryAt === undefined ? (
            'No canary tries it: it stays so until somebody reopens it.'
          ) : (
            <>
              A canary tries it <Due at={nextCanaryAt} />; when one works, it reopens by itself.
            </>
          )}
        </p>
      )}
    </div>
  );
}
