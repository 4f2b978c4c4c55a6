import { withFilter } from './filter.ts';
import { instantOf, localTimeOf } from './local-time.ts';
import type { FilterProps } from './order-filter.tsx';

/** An instant by the reader's own clock; the address holds it in UTC, so that it means the same to a colleague. */
export function TimeField({
  name,
  label,
  filter,
  change,
}: FilterProps & { readonly name: 'from' | 'to'; readonly label: string }) {
  return (
    <label>
      {label}
      <input
        type="datetime-local"
        name={name}
        value={localTimeOf([filter[name] ?? ''].flat()[0] ?? '')}
        onChange={(event) => change(withFilter(filter, name, instantOf(event.currentTarget.value)))}
      />
    </label>
  );
}
