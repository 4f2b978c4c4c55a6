import { setTimeout as pause } from 'node:timers/promises';
import { ALL_AD_HOC } from '../../contract/ad-hoc-name.ts';
import type { Api } from '../api.ts';
import type { AddCommand } from '../command.ts';
import { action, readCount } from '../command.ts';
import { formatSeconds } from '../durations.ts';
import { UnreachableError } from '../errors.ts';
import type { StatusView } from '../responses.ts';
import { table } from '../table.ts';
import type { Terminal } from '../terminal.ts';

const REDRAW = '\u001B[H\u001B[J';

/** `baton status` */
export const addStatus: AddCommand = (program, setExitCode) => {
  program
    .command('status')
    .description('show the active orders, and each plugin with its queue')
    .option('--watch', 'refresh until Ctrl-C; with --json, one line each time')
    .option('--every <seconds>', 'with --watch: seconds between two refreshes', readCount, 1)
    .action(
      action(
        setExitCode,
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

/** Waits, then reads the next status. While the system restarts, one line says that it does not respond. */
async function next(api: Api, terminal: Terminal, everySeconds: number): Promise<StatusView> {
  for (let isSilent = false; ; isSilent = true) {
    await pause(everySeconds * 1000);
    try {
      return await api.get<StatusView>('/status');
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      if (!isSilent) terminal.complain(error.message);
    }
  }
}

function draw(status: StatusView, { paint }: Pick<Terminal, 'paint'>): string {
  const { orders, tasks, plugins, bottleneck } = status;
  const byWorkflow = Object.entries(orders.byWorkflow).map(
    ([name, count]) => `${name === ALL_AD_HOC ? 'ad hoc' : name} ${count}`,
  );
  const workflows = byWorkflow.length === 0 ? '' : ` (${byWorkflow.join(', ')})`;
  return [
    `${paint('bold', String(orders.active))} active orders${workflows}, ${tasks.queued} tasks queued, ${tasks.inFlight} in flight${formatParked(tasks)}${formatRemaining(tasks)}`,
    ...(orders.stuck > 0 ? [`${paint('red', 'stuck')} ${orders.stuck}: baton orders --stuck`] : []),
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
            { title: 'oldest', value: formatOldest, align: 'right' },
            { title: 'instances', value: formatInstances, align: 'right' },
            { title: 'health', value: formatHealth },
          ],
          (text) => paint('bold', text),
        ),
  ].join('\n');
}

type PluginStatus = StatusView['plugins'][number];

function formatParked({ parked }: StatusView['tasks']): string {
  return parked > 0 ? `, ${parked} parked` : '';
}

function formatRemaining({ remaining }: StatusView['tasks']): string {
  return remaining === undefined ? '' : `, about ${remaining} to do`;
}

/** The time that the oldest task has waited. */
function formatOldest({ oldestSeconds }: PluginStatus): string | undefined {
  return oldestSeconds === undefined ? undefined : formatSeconds(oldestSeconds);
}

/** How many instances work, and how many may work at once. */
function formatInstances({ instances, concurrency }: PluginStatus): string {
  const { now, ceiling } = concurrency;
  const most = now === undefined || now === ceiling ? ceiling : `${now} (≤ ${ceiling})`;
  return instances === undefined ? `≤ ${most}` : `${instances} of ${most}`;
}

const CAUSES = {
  atCap: 'all its instances are busy',
  failing: 'its attempts fail',
  quarantined: 'it is in quarantine',
  slow: 'more instances would not help',
  switchedOff: 'its mapping is disabled',
};

function formatHealth({ health, bottleneck, quarantine }: PluginStatus): string | undefined {
  if (quarantine?.phase === 'closed')
    return `quarantined: ${quarantine.parked} parked, ${quarantine.reason}`;
  if (quarantine !== undefined && quarantine.parked > 0)
    return `reopening: ${quarantine.parked} parked`;
  if (bottleneck === undefined) return health === 'switchedOff' ? 'switched off' : health;
  const { cause, timeToDrainSeconds: seconds } = bottleneck;
  const drained = seconds === null ? 'nothing gets done' : `${formatSeconds(seconds)} to drain`;
  return `behind: ${CAUSES[cause]}, ${drained}`;
}
