import { useState } from 'preact/hooks';
import { ActButtons } from '../elements/act-buttons.tsx';
import { Dialog } from '../elements/dialog.tsx';
import { to } from '../router.ts';
import { filterText, type OrderQuery } from './filter.ts';
import { forgetView, keepView, views } from './saved-views.ts';
import { isSameFilter } from './view.ts';

/** The views that are kept in this browser, and a way to keep the present one. */
export function ViewBar({ filter }: { readonly filter: OrderQuery }) {
  const [isAsked, setAsked] = useState(false);
  const current = views.value.find((view) => isSameFilter(view.filter, filter));
  const mayKeep = Object.keys(filter).length > 0 && current === undefined;
  if (views.value.length === 0 && !mayKeep) return null;
  return (
    <div class="views">
      {views.value.map(({ name, filter }) => (
        <a
          key={name}
          class="button"
          href={to('/orders', filter)}
          aria-current={name === current?.name ? 'true' : undefined}
        >
          {name}
        </a>
      ))}
      {mayKeep && (
        <button type="button" class="quiet" onClick={() => setAsked(true)}>
          Keep this view
        </button>
      )}
      {current !== undefined && (
        <button type="button" class="quiet" onClick={() => forgetView(current.name)}>
          Forget this view
        </button>
      )}
      {isAsked && <KeepDialog filter={filter} close={() => setAsked(false)} />}
    </div>
  );
}

function KeepDialog({
  filter,
  close,
}: {
  readonly filter: OrderQuery;
  readonly close: () => void;
}) {
  const [name, setName] = useState(filterText(filter));
  return (
    <Dialog title="Keep this view" onClose={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          keepView({ name: name.trim(), filter });
          close();
        }}
      >
        <label>
          Name
          <input
            required
            maxLength={60}
            pattern=".*\S.*"
            title="a name"
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </label>
        <p class="dim">It is kept in this browser. To share it, send the address of the page.</p>
        <ActButtons name="Keep it" isHarsh={false} leave={close} />
      </form>
    </Dialog>
  );
}
