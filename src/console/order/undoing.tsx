import { PluginLink } from '../elements/plugin-link.tsx';
import { Status } from '../elements/status.tsx';
import type { Order } from '../messages.ts';
import { hasEnded } from '../words/status-words.ts';
import { undoingTitle, undoingWords } from '../words/undoing-words.ts';

/** What was undone, and what was not, in the order in which it was or would have been; nothing where nothing is to be undone. */
export function Undoing({ order }: { readonly order: Order }) {
  const { compensations = [] } = order;
  if (compensations.length === 0) return null;
  const isUnclear = compensations.some(({ status }) => status === 'unknown');
  return (
    <section class="card">
      <h2>{undoingTitle(order)}</h2>
      <ol class="lines">
        {compensations.map(({ job, plugin, status, error }, index) => (
          <li key={index}>
            <span>
              <strong>{job}</strong>
              {job !== plugin && (
                <>
                  {' '}
                  by <PluginLink name={plugin} />
                </>
              )}
              {error && <span class="why">{error.message}</span>}
            </span>
            <Status words={undoingWords(status, hasEnded(order))} />
          </li>
        ))}
      </ol>
      {isUnclear && (
        <p class="dim">
          Unclear: an attempt ended without an answer, so nobody knows whether there is anything to
          undo. Look there by hand.
        </p>
      )}
    </section>
  );
}
