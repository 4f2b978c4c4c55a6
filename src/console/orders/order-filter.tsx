import { useState } from 'preact/hooks';
import type { OrderStatus } from '../messages.ts';
import { ACTIVE, orderStatusWords } from '../words/status-words.ts';
import { attributesText, type OrderQuery, withAttributes, withFilter } from './filter.ts';
import { TimeField } from './time-field.tsx';

const STATUSES: readonly OrderStatus[] = [
  ...ACTIVE,
  ...(['completed', 'failed', 'cancelled'] as const),
];

export interface FilterProps {
  readonly filter: OrderQuery;
  readonly change: (filter: OrderQuery) => void;
}

/** Status by one press; the rest by fields that act when they are left, or on Enter. */
export function FilterBar({ filter, change }: FilterProps) {
  const chosen = [filter.status ?? []].flat();
  return (
    <form class="filters" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
      <fieldset class="chips">
        <legend class="hidden">Status</legend>
        <button
          type="button"
          aria-pressed={chosen.length === 0 && filter.stuck === undefined}
          onClick={() => change(withFilter(withFilter(filter, 'status', ''), 'stuck', ''))}
        >
          All
        </button>
        {STATUSES.map((status) => (
          <button
            key={status}
            type="button"
            aria-pressed={chosen.includes(status)}
            onClick={() => change(withFilter(filter, 'status', toggled(chosen, status)))}
          >
            {orderStatusWords(status).word}
          </button>
        ))}
        <button
          type="button"
          aria-pressed={filter.stuck === 'true'}
          onClick={() => change(withFilter(filter, 'stuck', filter.stuck === 'true' ? '' : 'true'))}
        >
          stuck
        </button>
      </fieldset>
      <div class="fields">
        <Field name="workflow" label="Workflow" filter={filter} change={change} />
        {filter.version !== undefined && (
          <Field name="version" label="Version" filter={filter} change={change} />
        )}
        <Field name="plugin" label="Plugin" filter={filter} change={change} />
        <Field name="errorCode" label="Error code" filter={filter} change={change} />
        {filter.pausedBy !== undefined && (
          <Field name="pausedBy" label="Paused by" filter={filter} change={change} />
        )}
        <Field name="client" label="Client" filter={filter} change={change} />
        <AttributesField filter={filter} change={change} />
        <Field name="idPrefix" label="Id begins with" filter={filter} change={change} />
      </div>
      <div class="fields times">
        <TimeField name="from" label="Accepted from" filter={filter} change={change} />
        <TimeField name="to" label="Accepted before" filter={filter} change={change} />
      </div>
    </form>
  );
}

function toggled(chosen: readonly string[], status: string): readonly string[] {
  return chosen.includes(status) ? chosen.filter((one) => one !== status) : [...chosen, status];
}

function AttributesField({ filter, change }: FilterProps) {
  const value = attributesText(filter);
  const [isWrong, setWrong] = useState(false);
  return (
    <label>
      Attributes
      <input
        type="search"
        name="attributes"
        value={value}
        placeholder="customer=acme"
        aria-invalid={isWrong}
        title="name=value, separated by commas"
        onChange={(event) => {
          const next = withAttributes(filter, event.currentTarget.value);
          setWrong(next === undefined);
          if (next !== undefined) change(next);
        }}
      />
    </label>
  );
}

function Field({
  name,
  label,
  filter,
  change,
}: FilterProps & { readonly name: string; readonly label: string }) {
  const value = [filter[name] ?? ''].flat()[0] ?? '';
  return (
    <label>
      {label}
      <input
        type="search"
        name={name}
        value={value}
        placeholder="any"
        onChange={(event) => {
          const given = event.currentTarget.value.trim();
          if (given !== value) change(withFilter(filter, name, given));
        }}
      />
    </label>
  );
}
