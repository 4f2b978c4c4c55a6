import { setTimeout as pause } from 'node:timers/promises';
import type { StatusView } from '../answers.ts';
import type { Api } from '../api.ts';
import type { AddCommand } from '../command.ts';
import { action, readCount } from '../command.ts';
import { saySeconds } from '../durations.ts';
import { UnreachableError } from '../errors.ts';
import { table } from '../table.ts';
import type { Terminal } from '../terminal.ts';

const REDRAW = '\u001B[H\u001B[J';

/** `baton status` */
export const addStatus: AddCommand = (program, leave) => {
  program
    .command('status')
    .description('show what is going on: active orders, and each plugin with its queue')
    .option('--watch', 'refresh until Ctrl-C; with --json, one line each time')
    .option('--every <seconds>', 'with --watch: refresh that often', readCount, 1)
    .action(
      action(
        leave,
        async ({ api, terminal }, { watch, every }: { watch?: boolean; every: number }) => {
          const first = await api.get<StatusView>('/status');
          if (watch !== true) {
            terminal.result(first, () => draw(first, terminal));
            return undefined;
          }
          for (let status = first; ; status = await next(api, terminal, every))
            show(status, terminal);
        },
      ),
    );
};

function show(status: StatusView, terminal: Terminal): void {
  const start = terminal.screen ? REDRAW : '';
  const text = terminal.json ? JSON.stringify(status) : `${start}${draw(status, terminal)}\n`;
  process.stdout.write(`${text}\n`);
}

/** The next status; while the system restarts, one line says that it does not answer. */
async function next(api: Api, terminal: Terminal, everySeconds: number): Promise<StatusView> {
  for (let told = false; ; told = true) {
    await pause(everySeconds * 1000);
    try {
      return await api.get<StatusView>('/status');
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      if (!told) terminal.complain(error.message);
    }
  }
}

function draw(status: StatusView, { paint }: Pick<Terminal, 'paint'>): string {
  const { orders, tasks, plugins, bottleneck } = status;
  const byWorkflow = Object.entries(orders.byWorkflow).map(
    ([name, count]) => `${name === 'todo-*' ? 'ad hoc' : name} ${count}`,
  );
  const workflows = byWorkflow.length === 0 ? '' : ` (${byWorkflow.join(', ')})`;
  return [
    `${paint('bold', String(orders.active))} active orders${workflows}, ${tasks.queued} tasks queued, ${tasks.inFlight} in flight${sayRemaining(tasks)}`,
    ...(bottleneck ? [`${paint('yellow', 'bottleneck')} ${bottleneck}`] : []),
    '',
    plugins.length === 0
      ? 'no plugin is registered'
      : table(
          plugins,
          [
            { title: 'plugin', value: ({ name }) => name },
            { title: 'queued', value: ({ queued }) => queued, align: 'right' },
            { title: 'in flight', value: ({ inFlight }) => inFlight, align: 'right' },
            { title: 'oldest', value: sayOldest, align: 'right' },
            { title: 'instances', value: sayInstances, align: 'right' },
            { title: 'health', value: sayHealth },
          ],
          (text) => paint('bold', text),
        ),
  ].join('\n');
}

type PluginStatus = StatusView['plugins'][number];

function sayRemaining({ remaining }: StatusView['tasks']): string {
  return remaining === undefined ? '' : `, about ${remaining} to do`;
}

/** How long the oldest task has waited. */
function sayOldest({ oldestSeconds }: PluginStatus): string | undefined {
  return oldestSeconds === undefined ? undefined : saySeconds(oldestSeconds);
}

/** How many there are, and how many there may be at once. */
function sayInstances({ instances, concurrency }: PluginStatus): string {
  const { now, ceiling } = concurrency;
  const most = now === undefined || now === ceiling ? ceiling : `${now} (≤ ${ceiling})`;
  return instances === undefined ? `≤ ${most}` : `${instances} of ${most}`;
}

const CAUSES = {
  atCap: 'all its instances are busy',
  failing: 'its attempts fail',
  slow: 'more instances would not help',
  switchedOff: 'its mapping is disabled',
};

function sayHealth({ health, bottleneck }: PluginStatus): string | undefined {
  if (bottleneck === undefined) return health === 'switchedOff' ? 'switched off' : health;
  const { cause, timeToDrainSeconds: seconds } = bottleneck;
  const drained = seconds === null ? 'nothing gets done' : `${saySeconds(seconds)} to drain`;
  return `behind: ${CAUSES[cause]}, ${drained}`;
}
