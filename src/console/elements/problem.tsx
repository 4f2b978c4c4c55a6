import { problemWords } from '../words/problem-words.ts';

/** What went wrong, in words; never a stack trace, never a code alone. */
export function Problem({ error }: { readonly error: unknown }) {
  const { title, detail, advice, code, more } = problemWords(error);
  return (
    <div class="problem" role="alert">
      <strong>{title}.</strong> {detail}
      {more.map((line) => (
        <p key={line}>{line}</p>
      ))}
      {advice && <p class="dim">{advice}</p>}
      {code && (
        <p class="dim">
          <code>{code}</code>
        </p>
      )}
    </div>
  );
}
