import { Age } from '../elements/age.tsx';
import { Problem } from '../elements/problem.tsx';
import { countText } from '../words/numbers.ts';
import type { OrderPages } from './use-order-pages.ts';

/** How many orders the list shows, how far back it has looked, and a way to look further. */
export function LookFurther({
  count,
  more,
}: {
  readonly count: number;
  readonly more: OrderPages['more'] | undefined;
}) {
  return (
    <>
      <p class="foot">
        {countText(count, 'order')}
        {more !== undefined && (
          <>
            {count === 0 ? ' found so far' : ' shown'}
            {more.backTo !== undefined && (
              <>
                ; looked at all that were accepted since <Age at={more.backTo} />
              </>
            )}
            .{' '}
            <button type="button" disabled={more.isBusy} onClick={more.read}>
              {more.isBusy ? 'Looking …' : 'Look further back'}
            </button>
          </>
        )}
      </p>
      {more?.error !== undefined && <Problem error={more.error} asked="toSee" />}
    </>
  );
}
