import { setTimeout as pause } from 'node:timers/promises';
import type { StatusView } from '../answers.ts';
import type { Api } from '../api.ts';
import type { AddCommand } from '../command.ts';
import { action, readCount } from '../command.ts';
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
    `${paint('bold', String(orders.active))} active orders${workflows}, ${tasks.queued} tasks queued, ${tasks.inFlight} in flight`,
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
            { title: 'instances', value: sayInstances, align: 'right' },
          ],
          (text) => paint('bold', text),
        ),
  ].join('\n');
}

/** How many there may be at once. */
function sayInstances({ concurrency }: StatusView['plugins'][number]): string | undefined {
  return concurrency && `≤ ${concurrency.ceiling}`;
}
