import type { StatusWords } from '../words/status-words.ts';

export function Status({ words: { sign, word, tone } }: { readonly words: StatusWords }) {
  return (
    <span class={`status ${tone}`}>
      <span aria-hidden="true">{sign}</span> {word}
    </span>
  );
}
