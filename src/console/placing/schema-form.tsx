import { useState } from 'preact/hooks';
import { inputText, type Values } from './form-values.ts';
import type { Field } from './schema-fields.ts';

/** A form of what a plugin says that it takes. The browser itself says what is missing or out of bounds. */
export function SchemaForm({
  fields,
  first,
  change,
}: {
  readonly fields: readonly Field[];
  readonly first: Values;
  readonly change: (input: string) => void;
}) {
  const [values, setValues] = useState(first);
  const set = (name: string, value: string) => {
    const next = { ...values, [name]: value };
    setValues(next);
    change(inputText(fields, next));
  };
  return (
    <fieldset class="schema-form">
      <legend>Input</legend>
      {fields.map((field) => (
        <FieldRow
          key={field.name}
          field={field}
          value={values[field.name] ?? ''}
          set={(value) => set(field.name, value)}
        />
      ))}
    </fieldset>
  );
}

interface FieldProps {
  readonly field: Field;
  readonly value: string;
  readonly set: (value: string) => void;
}

function FieldRow({ field, value, set }: FieldProps) {
  const { name, kind, isRequired, about } = field;
  if (kind === 'boolean') {
    return (
      <label class="check">
        <input
          type="checkbox"
          checked={value === 'true'}
          onChange={(event) => set(String(event.currentTarget.checked))}
        />
        <span>
          {name} {about && <span class="dim">{about}</span>}
        </span>
      </label>
    );
  }
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is in Control
    <label>
      <span>
        {name}
        {!isRequired && <span class="dim"> (may be left out)</span>}
      </span>
      <Control field={field} value={value} set={set} />
      {about && <span class="dim about">{about}</span>}
    </label>
  );
}

function Control({ field, value, set }: FieldProps) {
  const { kind, isRequired, options, limits } = field;
  switch (kind) {
    case 'choice':
      return (
        <select
          required={isRequired}
          value={value}
          onChange={(event) => set(event.currentTarget.value)}
        >
          <option value="">{isRequired ? 'Choose one' : 'none'}</option>
          {options.map((option) => (
            <option key={option} value={option}>
              {option.replaceAll('"', '')}
            </option>
          ))}
        </select>
      );
    case 'number':
    case 'integer':
      return (
        <input
          type="number"
          required={isRequired}
          step={kind === 'integer' ? 1 : 'any'}
          min={limits.min}
          max={limits.max}
          value={value}
          onInput={(event) => set(event.currentTarget.value)}
        />
      );
    case 'json':
      return (
        <textarea
          rows={2}
          required={isRequired}
          placeholder="as JSON"
          spellcheck={false}
          value={value}
          onInput={(event) => {
            event.currentTarget.setCustomValidity(jsonComplaint(event.currentTarget.value));
            set(event.currentTarget.value);
          }}
        />
      );
    case 'text':
    case 'boolean':
      return (
        <input
          required={isRequired}
          maxLength={limits.maxLength}
          value={value}
          onInput={(event) => set(event.currentTarget.value)}
        />
      );
  }
}

/** What the browser says of a field that holds no JSON; empty for one that does, or holds nothing. */
function jsonComplaint(text: string): string {
  if (text.trim() === '') return '';
  try {
    JSON.parse(text);
    return '';
  } catch {
    return 'This is not JSON. A text stands in quotes: "five".';
  }
}
