import type { OrderView } from '../answers.ts';
import { sayStatus } from '../status-colours.ts';
import type { Submission } from '../submission.ts';
import type { Terminal } from '../terminal.ts';
import { oneLineJson, sayWorkflow } from '../value-pictures.ts';

/** More lines than that are for --json. */
const MOST_LINES = 20;

type Sent = Omit<Submission, 'error'> & { readonly ended?: readonly OrderView[] };

/** What became of a submission, for people. */
export function drawSubmission(sent: Sent, { paint }: Pick<Terminal, 'paint'>): string {
  const { rejected, ended } = sent;
  return [
    ...acceptance(sent),
    ...some(rejected, ({ line, code, message }) => `  line ${line}: ${code}: ${message}`),
    ...(ended === undefined ? [] : outcome(ended, paint)),
  ].join('\n');
}

function acceptance({ accepted, rejected, ended }: Sent): string[] {
  const [first] = accepted;
  if (first !== undefined && accepted.length === 1 && rejected.length === 0) {
    const workflow = sayWorkflow({ name: first.workflow, version: first.version });
    return ended === undefined ? [`order ${first.orderId} is ${first.status} (${workflow})`] : [];
  }
  const refused = rejected.length === 0 ? '' : `, rejected ${count(rejected.length, 'row')}`;
  return [`accepted ${count(accepted.length, 'order')}${refused}`];
}

function outcome(ended: readonly OrderView[], paint: Terminal['paint']): string[] {
  const [first] = ended;
  if (first !== undefined && ended.length === 1) return [describe(first, paint)];
  const counts = Map.groupBy(ended, ({ status }) => status);
  const summary = [...counts].map(
    ([status, orders]) => `${sayStatus(status, paint)} ${orders.length}`,
  );
  const unsuccessful = ended.filter(({ status }) => status !== 'completed');
  return [
    ...(summary.length === 0 ? [] : [summary.join(', ')]),
    ...some(unsuccessful, (order) => `  ${describe(order, paint)}`),
  ];
}

function describe({ orderId, status, result, error }: OrderView, paint: Terminal['paint']): string {
  const start = `order ${orderId} ${sayStatus(status, paint)}`;
  if (error !== undefined) return `${start} at ${error.task}: ${error.code}: ${error.message}`;
  return result === undefined ? start : `${start}: ${oneLineJson(result)}`;
}

function some<Row>(rows: readonly Row[], draw: (row: Row) => string): string[] {
  const more = rows.length - MOST_LINES;
  return [
    ...rows.slice(0, MOST_LINES).map(draw),
    ...(more > 0 ? [`  … and ${more} more (--json shows all)`] : []),
  ];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
