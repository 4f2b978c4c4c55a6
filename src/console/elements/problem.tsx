import { type Asked, problemWords } from '../words/problem-words.ts';

/** Why a form has not done what a person asked for. What the form itself refuses is a sentence already; all else is the API's. */
export function Refusal({
  error,
  asked = 'toDo',
}: {
  readonly error: unknown;
  readonly asked?: Asked;
}) {
  if (!(error instanceof Error) || error.constructor !== Error) {
    return <Problem error={error} asked={asked} />;
  }
  return (
    <p class="problem" role="alert">
      {error.message}
    </p>
  );
}

/** What went wrong, in words; never a stack trace, never a code alone. */
export function Problem({
  error,
  isScreen = false,
  asked = 'again',
}: {
  readonly error: unknown;
  readonly asked?: Asked;
  /** It is all that the screen shows. */
  readonly isScreen?: boolean;
}) {
  const Title = isScreen ? 'h1' : 'strong';
  const { title, detail, advice, code, more } = problemWords(error, asked);
  return (
    <div class="problem" role="alert">
      <Title>{title}.</Title> {detail}
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
