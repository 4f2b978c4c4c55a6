import type { Cost, CostRow } from './cost.ts';

/** A table in Markdown: the first column is text, the others are numbers. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, index) => (index === 0 ? '---' : '---:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

export function costTable({ rows, shares }: Cost): string {
  const shown = table(
    ['1 KB payloads unless said', '$ per 1M tasks', 'SQS', 'SNS', 'writes', 'reads', 'invocations'],
    rows.map((row) => [nameOf(row), dollars(row.dollarsPerMillionTasks), ...counts(row)]),
  );
  if (shares === undefined) return shown;
  const { order, task } = shares;
  return `${shown}\n\nUnder load, an order's own share is ${dollars(order)} per 1M orders, and a task's ${dollars(task)} per 1M tasks.`;
}

export function rivalsTable({ rows }: Cost): string {
  return table(
    [
      '$ per 1M tasks',
      'Baton',
      'bare chain',
      'Express, with logs',
      'durable functions',
      'Standard',
    ],
    rows.map((row) => {
      const { bareChain, express, durable, standard } = row.rivals;
      const all = [row.dollarsPerMillionTasks, bareChain, express, durable, standard];
      return [nameOf(row), ...all.map(dollars)];
    }),
  );
}

export function nameOf({ name, load, orders }: CostRow): string {
  return load === 'alone' ? `${name}, one order at a time` : `${name}, ${orders} orders at once`;
}

export function dollars(amount: number): string {
  return `$${amount.toFixed(2)}`;
}

function counts({ perTask: { sqs, sns, writeUnits, readUnits, invocations } }: CostRow) {
  return [sqs, sns, writeUnits, readUnits, invocations].map((count) => count.toFixed(2));
}
