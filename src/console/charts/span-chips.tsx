import { SPANS, type Span } from './chart-words.ts';

/** How far back a chart looks. */
export function SpanChips({
  spans,
  span,
  choose,
}: {
  readonly spans: readonly Span[];
  readonly span: Span;
  readonly choose: (span: Span) => void;
}) {
  return (
    <fieldset class="chips">
      <legend class="hidden">How far back</legend>
      {spans.map((one) => (
        <button key={one} type="button" aria-pressed={span === one} onClick={() => choose(one)}>
          {SPANS[one]}
        </button>
      ))}
    </fieldset>
  );
}
