import { beginningsOf } from '../../contract/intervals.ts';
import { defined } from '../../core/defined.ts';
import { readChoice } from '../choices.ts';
import type { AddCommand } from '../command.ts';
import { action } from '../command.ts';
import { formatInstant } from '../durations.ts';
import type { CountsView } from '../responses.ts';
import { sparkline } from '../sparkline.ts';
import { table } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { foldLines } from '../text-width.ts';
import { readTime } from '../times.ts';

interface Options {
  readonly by: string;
  readonly per: string;
  readonly from?: string;
  readonly to?: string;
  readonly name?: string;
}

const BY = ['workflow', 'plugin', 'errorCode'];
const PER = ['minute', 'hour', 'day'];

/** `baton counts` */
export const addCounts: AddCommand = (program, setExitCode) => {
  program
    .command('counts')
    .description('show what completed, failed and was cancelled, over time')
    .option('--by <what>', BY.join(', '), (text) => readChoice(text, BY), 'workflow')
    .option('--per <interval>', PER.join(', '), (text) => readChoice(text, PER), 'hour')
    .option('--from <time>', 'since then: an instant, or an age such as 2h', readTime)
    .option('--to <time>', 'until then', readTime)
    .option('--name <name>', 'only this workflow, plugin or code')
    .action(
      action(setExitCode, async ({ api, terminal }, options: Options) => {
        const { by, per, from, to, name } = options;
        const query = new URLSearchParams(defined({ by, per, from, to, name }));
        const counts = await api.get<CountsView>(`/counts?${query}`);
        terminal.result(counts, () => draw(counts, terminal));
        return undefined;
      }),
    );
};

type Series = CountsView['series'][number];

function draw(counts: CountsView, terminal: Terminal): string {
  const { by, per, of, from, to, series } = counts;
  const period = `${of} per ${per}, ${formatInstant(from)} to ${formatInstant(to)}, approximate`;
  const intervals = beginningsOf(counts).map((at) => new Date(at).toISOString());
  if (series.length === 0) return foldLines(`nothing has ended: ${period}`, terminal.columns);
  const rows = table(
    series,
    [
      { title: by === 'errorCode' ? 'code' : by, value: ({ name }) => name, flexible: true },
      { title: 'completed', value: ({ completed }) => completed, align: 'right' },
      { title: 'failed', value: ({ failed }) => failed, align: 'right' },
      { title: 'cancelled', value: ({ cancelled }) => cancelled, align: 'right' },
      { title: 'over time', value: (one) => sparkline(endsIn(one), intervals, terminal.columns) },
    ],
    terminal,
  );
  return foldLines(`${rows}\n\n${period}`, terminal.columns);
}

/** How many ended in each interval, by its place among them. */
function endsIn({ points }: Series): ReadonlyMap<string, number> {
  return new Map(
    points.map(({ at, completed, failed, cancelled }) => [at, completed + failed + cancelled]),
  );
}
