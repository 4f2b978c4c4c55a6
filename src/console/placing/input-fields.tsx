import { useEffect, useState } from 'preact/hooks';
import { inputText, valuesFrom } from './form-values.ts';
import type { Field } from './schema-fields.ts';
import { SchemaForm } from './schema-form.tsx';

/** The order's input: as a form, where the plugin that gets it says what it takes, or as JSON. */
export function InputFields({
  fields,
  plugin,
  input,
  change,
}: {
  /** Undefined where nobody says what the input looks like. */
  readonly fields: readonly Field[] | undefined;
  readonly plugin: string | undefined;
  readonly input: string;
  readonly change: (input: string) => void;
}) {
  const [prefersJson, setPrefersJson] = useState(false);
  const first = fields && valuesFrom(fields, input);
  const isForm = first !== undefined && !prefersJson;

  useEffect(() => {
    // What the schema gives by itself counts before anybody types.
    if (isForm && fields && input.trim() === '') change(inputText(fields, first));
  }, [isForm]);

  return (
    <>
      {fields !== undefined && (
        <p class="dim form-or-json">
          <span>{plugin} says what it takes.</span>
          <button type="button" class="quiet" onClick={() => setPrefersJson(!prefersJson)}>
            {isForm ? 'Write JSON instead' : 'Fill in a form'}
          </button>
        </p>
      )}
      {isForm && fields ? (
        <SchemaForm key={plugin} fields={fields} first={first} change={change} />
      ) : (
        <label>
          Input, as JSON
          <textarea
            rows={8}
            value={input}
            placeholder={'5   or   "a text"   or   { "customer": "acme" }'}
            spellcheck={false}
            onInput={(event) => change(event.currentTarget.value)}
          />
        </label>
      )}
    </>
  );
}
