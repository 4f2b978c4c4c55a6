import { orderPath, to } from '../router.ts';
import { codeWords } from '../words/error-words.ts';
import type { FailureGroup } from '../words/failures.ts';
import { numberText } from '../words/numbers.ts';
import { Age } from './age.tsx';

/** So many kinds of failure are told apart; more than that nobody reads. */
const MOST = 8;

/** One line a plugin and reason: how often, and the latest; each leads to its orders. */
export function FailureLines({ groups }: { readonly groups: readonly FailureGroup[] }) {
  return (
    <ul class="lines">
      {groups.slice(0, MOST).map(({ code, plugin, count, latestAt, latestOrderId }) => (
        <li key={`${code} ${plugin}`}>
          <a href={to('/orders', { status: 'failed', errorCode: code, plugin })}>
            <span class="count">{numberText(count)}</span>
            <span>
              <strong>{plugin}</strong>: {codeWords(code)}
            </span>
          </a>
          <a class="dim" href={orderPath(latestOrderId)}>
            latest <Age at={latestAt} />
          </a>
        </li>
      ))}
    </ul>
  );
}
