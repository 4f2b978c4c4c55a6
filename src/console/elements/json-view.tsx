import { useState } from 'preact/hooks';
import { jsonText } from '../words/json-text.ts';

/** So much is shown before somebody asks for more: the browser draws a megabyte of text slowly. */
const SHOWN = 4000;

export function JsonView({ label, value }: { readonly label: string; readonly value: unknown }) {
  const [isWhole, setWhole] = useState(false);
  const text = jsonText(value);
  const isLong = text.length > SHOWN && !isWhole;
  return (
    <div class="json">
      <h3>{label}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard */}
      <pre tabIndex={0}>{isLong ? `${text.slice(0, SHOWN)} …` : text}</pre>
      {isLong && (
        <button type="button" class="quiet" onClick={() => setWhole(true)}>
          Show all {Math.ceil(text.length / 1024)} KB
        </button>
      )}
    </div>
  );
}
