import { problemWords } from '../words/problem-words.ts';

/** What a form itself refuses is a sentence already; all else is the API's. */
export function Refusal({ error }: { readonly error: unknown }) {
  if (!(error instanceof Error) || error.constructor !== Error) return <Problem error={error} />;
  return (
    <p class="problem" role="alert">
      {error.message}
    </p>
  );
}

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
