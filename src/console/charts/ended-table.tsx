import { type Column, TableHead } from '../elements/table-head.tsx';
import { numberText } from '../words/numbers.ts';
import { type Span, whenText } from './chart-words.ts';
import { endedIn, type Interval } from './intervals.ts';

const COLUMNS: readonly Column[] = [
  ['When'],
  ['Completed', 'number'],
  ['Failed', 'number'],
  ['Cancelled', 'number'],
];

/** The chart in numbers: the intervals in which anything ended, the latest first. */
export function EndedTable({
  intervals,
  span,
  noun,
}: {
  readonly intervals: readonly Interval[];
  readonly span: Span;
  readonly noun: string;
}) {
  const shown = intervals.filter((interval) => endedIn(interval) > 0).toReversed();
  if (shown.length === 0) return <p class="dim">Nothing ended.</p>;
  return (
    <table>
      <caption class="hidden">What ended, the latest first: {noun}s</caption>
      <TableHead columns={COLUMNS} />
      <tbody>
        {shown.map((interval) => (
          <tr key={interval.at}>
            <td>{whenText(interval, span)}</td>
            <td class="number">{numberText(interval.completed)}</td>
            <td class="number">{numberText(interval.failed)}</td>
            <td class="number">{numberText(interval.cancelled)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
