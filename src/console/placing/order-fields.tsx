import type { Workflow } from '../messages.ts';
import type { Draft, Kind } from './draft.ts';
import { InputFields } from './input-fields.tsx';
import { RunsFields } from './runs-fields.tsx';
import { useAskedFields } from './use-asked-fields.ts';

/** What an order runs, takes and is about. */
export function OrderFields({
  kinds,
  draft,
  workflows,
  change,
}: {
  readonly kinds: readonly Kind[];
  readonly draft: Draft;
  /** Where the caller may see them. */
  readonly workflows: readonly Workflow[] | undefined;
  readonly change: (fields: Partial<Draft>) => void;
}) {
  const asked = useAskedFields(draft, workflows ?? []);
  return (
    <>
      <RunsFields
        kinds={kinds}
        draft={draft}
        names={workflows?.map(({ name }) => name)}
        change={change}
      />
      <InputFields
        key={asked?.plugin}
        fields={asked?.fields}
        plugin={asked?.plugin}
        input={draft.input}
        change={(input) => change({ input })}
      />
      <label>
        Attributes, one a line
        <textarea
          rows={2}
          value={draft.attributes}
          placeholder="customer = acme"
          spellcheck={false}
          onInput={(event) => change({ attributes: event.currentTarget.value })}
        />
      </label>
    </>
  );
}
