import { numberText } from '../words/numbers.ts';

/** What the colours of a chart mean, and the figures of the bar that the pointer is at. The sentence below says it to screen readers. */
export function ChartLegend({
  layers,
  when,
}: {
  readonly layers: readonly {
    readonly name: string;
    readonly color: string;
    /** Of the bar that is pointed at. */
    readonly value?: number | undefined;
  }[];
  readonly when?: string | undefined;
}) {
  return (
    <p class="legend dim" aria-hidden="true">
      {layers.map(({ name, color, value }) => (
        <span key={name}>
          <i class="part" style={{ background: `var(${color})` }} />{' '}
          {value !== undefined && numberText(value)} {name}
        </span>
      ))}
      {when !== undefined && <span>{when}</span>}
    </p>
  );
}
