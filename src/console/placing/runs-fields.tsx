import type { Draft, Kind } from './draft.ts';

const KINDS: Readonly<Record<Kind, string>> = {
  contract: 'What was agreed',
  workflow: 'A workflow',
  todo: 'A list of plugins',
};

/** What the order runs. */
export function RunsFields({
  kinds,
  draft: { kind, workflow, todo },
  names,
  change,
}: {
  readonly kinds: readonly Kind[];
  readonly draft: Draft;
  /** Of the workflows, where the caller may see them. */
  readonly names: readonly string[] | undefined;
  readonly change: (fields: Partial<Draft>) => void;
}) {
  return (
    <>
      <fieldset class="chips">
        <legend class="hidden">What it runs</legend>
        {kinds.map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={kind === one}
            onClick={() => change({ kind: one })}
          >
            {KINDS[one]}
          </button>
        ))}
      </fieldset>
      {kind === 'contract' && (
        <p class="dim">It runs what your orders run by agreement; an operator may change that.</p>
      )}
      {kind === 'workflow' &&
        (names === undefined ? (
          <label>
            Workflow
            <input
              value={workflow}
              spellcheck={false}
              onInput={(event) => change({ workflow: event.currentTarget.value })}
            />
          </label>
        ) : (
          <label>
            Workflow
            <select
              value={workflow}
              onChange={(event) => change({ workflow: event.currentTarget.value })}
            >
              <option value="">Choose one</option>
              {names.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        ))}
      {kind === 'todo' && (
        <label>
          Plugins
          <input
            value={todo}
            placeholder="A;B|C runs A, then B and C at the same time"
            spellcheck={false}
            onInput={(event) => change({ todo: event.currentTarget.value })}
          />
        </label>
      )}
    </>
  );
}
