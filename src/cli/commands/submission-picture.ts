import type { OrderView } from '../responses.ts';
import { formatStatus } from '../status-colours.ts';
import type { Submission } from '../submission.ts';
import type { Terminal } from '../terminal.ts';
import { formatWorkflow, oneLineJson } from '../value-pictures.ts';

/** People see at most this many rows; --json shows all. */
const MOST_LINES = 20;

type Sent = Omit<Submission, 'error'> & { readonly ended?: readonly OrderView[] };

/** The outcome of a submission, for people. */
export function drawSubmission(sent: Sent, { paint }: Pick<Terminal, 'paint'>): string {
  const { rejected, ended } = sent;
  return [
    ...acceptedLines(sent),
    ...firstOf(rejected, ({ line, code, message }) => `  line ${line}: ${code}: ${message}`),
    ...(ended === undefined ? [] : endedLines(ended, paint)),
  ].join('\n');
}

function acceptedLines({ accepted, rejected, ended }: Sent): string[] {
  const [first] = accepted;
  if (first !== undefined && accepted.length === 1 && rejected.length === 0) {
    const workflow = formatWorkflow({ name: first.workflow, version: first.version });
    return ended === undefined ? [`order ${first.orderId} is ${first.status} (${workflow})`] : [];
  }
  const refused = rejected.length === 0 ? '' : `, rejected ${count(rejected.length, 'row')}`;
  return [`accepted ${count(accepted.length, 'order')}${refused}`];
}

function endedLines(ended: readonly OrderView[], paint: Terminal['paint']): string[] {
  const [first] = ended;
  if (first !== undefined && ended.length === 1) return [describe(first, paint)];
  const counts = Map.groupBy(ended, ({ status }) => status);
  const summary = [...counts].map(
    ([status, orders]) => `${formatStatus(status, paint)} ${orders.length}`,
  );
  const unsuccessful = ended.filter(({ status }) => status !== 'completed');
  return [
    ...(summary.length === 0 ? [] : [summary.join(', ')]),
    ...firstOf(unsuccessful, (order) => `  ${describe(order, paint)}`),
  ];
}

function describe({ orderId, status, result, error }: OrderView, paint: Terminal['paint']): string {
  const start = `order ${orderId} ${formatStatus(status, paint)}`;
  if (error !== undefined) return `${start} at ${error.task}: ${error.code}: ${error.message}`;
  return result === undefined ? start : `${start}: ${oneLineJson(result)}`;
}

function firstOf<Row>(rows: readonly Row[], draw: (row: Row) => string): string[] {
  const more = rows.length - MOST_LINES;
  return [
    ...rows.slice(0, MOST_LINES).map(draw),
    ...(more > 0 ? [`  … and ${more} more (--json shows all)`] : []),
  ];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
