import { Option } from 'commander';
import * as paths from '../../client/paths.ts';
import type { Attributes } from '../../core/order.ts';
import type { Todo } from '../../core/workflow.ts';
import { json } from '../api.ts';
import { readAttribute } from '../attributes.ts';
import type { AddCommand } from '../command.ts';
import { action } from '../command.ts';
import { formatInstant, formatSeconds } from '../durations.ts';
import { readInputValue } from '../input-value.ts';
import { allPages } from '../pages.ts';
import type { ScheduleRow, ScheduleRunView, ScheduleView } from '../responses.ts';
import { table } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { foldLines } from '../text-width.ts';
import { readTodo } from '../todo.ts';

interface PutOptions {
  readonly cron?: string;
  readonly every?: string;
  readonly timeZone?: string;
  readonly workflow?: string;
  readonly todo?: Todo;
  readonly client?: string;
  readonly input: unknown;
  readonly attribute?: Attributes;
  readonly overlap?: string;
  readonly catchUp?: string;
}

/** `baton schedules put|list|show|pause|resume|delete` */
export const addSchedules: AddCommand = (program, setExitCode) => {
  const schedules = program.command('schedules').description('place orders by the clock');
  schedules
    .command('put')
    .description('store a schedule, or replace the one of this name')
    .argument('<name>')
    .option('--cron <fields>', 'minute, hour, day of month, month, day of week, as in crontab')
    .option('--every <duration>', 'instead of --cron: 15m, 2h, 1d')
    .option('--time-zone <zone>', 'with --cron: such as Europe/Berlin (default: UTC)')
    .option('--workflow <name>', 'what its orders run')
    .option('--todo <list>', 'or their plugins; "A;B|C" runs A, then B and C in parallel', readTodo)
    .option('--client <id>', 'the client to whom the orders belong')
    .option('--input <value>', "the orders' input: JSON, text, or @file", readInputValue, null)
    .option('--attribute <key=value>', 'may be given several times', readAttribute)
    .addOption(
      new Option(
        '--overlap <policy>',
        'when the previous order has not ended (default: skip)',
      ).choices(['skip', 'queue', 'allow']),
    )
    .addOption(
      new Option(
        '--catch-up <policy>',
        'of the runs that the system missed (default: last)',
      ).choices(['none', 'last', 'all']),
    )
    .addHelpText(
      'after',
      `
Examples:
  baton schedules put nightly --cron "0 2 * * *" --time-zone Europe/Berlin --workflow tidy
  baton schedules put poll --every 15m --todo "A;B" --input 5 --overlap queue`,
    )
    .action(
      action(setExitCode, async ({ api, terminal }, options: PutOptions, name: string) => {
        const { attribute: attributes, ...definition } = options;
        const { body, status } = await api.put<ScheduleView>(
          paths.schedule(name),
          json({ ...definition, attributes }),
        );
        const outcome = status === 201 ? 'stored' : 'replaced';
        terminal.result(
          body,
          () => `${name} ${outcome}, next run ${nextRun(body) ?? 'when it is resumed'}`,
        );
        return undefined;
      }),
    );
  schedules
    .command('list')
    .description('show all schedules')
    .action(
      action(setExitCode, async ({ api, terminal }) => {
        const list = await allPages<'schedules', ScheduleRow>(api, '/schedules', 'schedules');
        terminal.result(list, () => draw(list.schedules, terminal));
        return undefined;
      }),
    );
  schedules
    .command('show')
    .description('show a schedule with its latest runs and the next ones')
    .argument('<name>')
    .action(
      action(setExitCode, async ({ api, terminal }, _: object, name: string) => {
        const schedule = await api.get<ScheduleView>(paths.schedule(name));
        terminal.result(schedule, () => drawOne(schedule, terminal));
        return undefined;
      }),
    );
  for (const [act, done, description] of [
    ['pause', 'paused', 'place no orders until the schedule is resumed'],
    ['resume', 'resumed', 'go on with the next run'],
  ] as const) {
    schedules
      .command(act)
      .description(description)
      .argument('<name>')
      .option('--reason <text>', 'why')
      .action(
        action(
          setExitCode,
          async ({ api, terminal }, { reason }: { reason?: string }, name: string) => {
            const { body } = await api.post<ScheduleView>(paths.actOnSchedule(name, act), {
              ...json({ reason }),
              repeatable: true,
            });
            const next = nextRun(body);
            terminal.result(
              body,
              () => `${name} ${done}${next === undefined ? '' : `, next run ${next}`}`,
            );
            return undefined;
          },
        ),
      );
  }
  schedules
    .command('delete')
    .description('delete a schedule; its orders go on')
    .argument('<name>')
    .action(
      action(setExitCode, async ({ api, terminal }, _: object, name: string) => {
        const schedule = await api.delete<ScheduleView>(paths.schedule(name));
        terminal.result(schedule, () => `${name} deleted`);
        return undefined;
      }),
    );
};

function nextRun({ nextRunAt }: ScheduleRow): string | undefined {
  return nextRunAt && formatInstant(nextRunAt);
}

function timeOf({ cron, every, timeZone }: ScheduleRow): string {
  if (cron === undefined) return `every ${formatSeconds(every ?? 0)}`;
  return timeZone === undefined ? cron : `${cron} ${timeZone}`;
}

function formatRun({ at, outcome, until }: ScheduleRunView): string {
  const last = until === undefined ? '' : ` to ${formatInstant(until)}`;
  return `${formatInstant(at)}${last} ${outcome}`;
}

function draw(schedules: readonly ScheduleRow[], terminal: Terminal): string {
  if (schedules.length === 0) return 'no schedules; see baton schedules put --help';
  return table(
    schedules,
    [
      { title: 'schedule', value: ({ name }) => name },
      { title: 'when', value: timeOf, flexible: true },
      {
        title: 'runs',
        value: ({ workflow, client, todo }) => workflow ?? (todo ? 'ad hoc' : client),
        flexible: true,
      },
      { title: 'next run', value: (row) => (row.paused ? 'paused' : nextRun(row)) },
      { title: 'last run', value: ({ lastRun }) => lastRun && formatRun(lastRun), flexible: true },
    ],
    terminal,
  );
}

function drawOne(schedule: ScheduleView, terminal: Terminal): string {
  const { runs, nextRuns, paused, queuedAt } = schedule;
  const by = paused?.actor === undefined ? '' : ` by ${paused.actor}`;
  const why = paused?.reason === undefined ? '' : `: ${paused.reason}`;
  const lines = [
    draw([schedule], terminal),
    ...(paused === undefined ? [] : [`paused ${formatInstant(paused.at)}${by}${why}`]),
    ...(queuedAt === undefined
      ? []
      : [`the run of ${formatInstant(queuedAt)} waits until the previous order has ended`]),
    ...(nextRuns.length === 0 ? [] : [`next     ${nextRuns.map(formatInstant).join(', ')}`]),
    '',
    runs.length === 0
      ? 'no run yet'
      : table(
          runs,
          [
            { title: 'run', value: formatRun },
            { title: 'order', value: ({ orderId }) => orderId },
            { title: 'why', value: ({ reason }) => reason, flexible: true },
          ],
          terminal,
        ),
  ];
  return foldLines(lines.join('\n'), terminal.columns);
}
