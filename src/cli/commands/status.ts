import { pause } from '../../client/pause.ts';
import { ALL_AD_HOC } from '../../contract/ad-hoc-name.ts';
import type { Api } from '../api.ts';
import type { AddCommand } from '../command.ts';
import { action, readCount } from '../command.ts';
import { formatSeconds } from '../durations.ts';
import { InterruptedError, UnreachableError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { interruptible } from '../interruption.ts';
import type { StatusView } from '../responses.ts';
import { openScreen } from '../screen.ts';
import { table } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { foldLines } from '../text-width.ts';
import { visibleJson } from '../visible-text.ts';

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
          return terminal.screen
            ? watchOnScreen(first, { api, terminal }, every)
            : watchInLines(first, { api, terminal }, every);
        },
      ),
    );
};

interface Means {
  readonly api: Api;
  readonly terminal: Terminal;
}

/** Until Ctrl-C, which is how it ends. */
async function watchOnScreen(first: StatusView, { api, terminal }: Means, every: number) {
  const screen = openScreen(process.stdout);
  try {
    return await interruptible(async (signal): Promise<never> => {
      for (let status = first; ; status = await next(api, terminal, every, signal)) {
        screen.draw(draw(status, terminal));
      }
    });
  } catch (error) {
    if (error instanceof InterruptedError) return EXIT.interrupted;
    throw error;
  } finally {
    screen.leave();
  }
}

async function watchInLines(
  first: StatusView,
  { api, terminal }: Means,
  every: number,
): Promise<never> {
  for (let status = first; ; status = await next(api, terminal, every)) {
    process.stdout.write(
      `${terminal.json ? visibleJson(status) : `${draw(status, terminal)}\n`}\n`,
    );
  }
}

/** Waits, then reads the next status. While the system restarts, one line says that it does not respond. */
async function next(
  api: Api,
  terminal: Terminal,
  everySeconds: number,
  signal?: AbortSignal,
): Promise<StatusView> {
  for (let isSilent = false; ; isSilent = true) {
    await pause(everySeconds * 1000, signal);
    try {
      return await api.get<StatusView>('/status', signal);
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      if (!isSilent) terminal.complain(error.message);
    }
  }
}

function draw(status: StatusView, terminal: Terminal): string {
  const { paint, columns } = terminal;
  const { orders, tasks, plugins, bottleneck } = status;
  const active = `${orders.approximate ? 'about ' : ''}${paint('bold', String(orders.active))}`;
  const lines = [
    `${active} active orders${formatByWorkflow(orders)}${formatPaused(orders)}, ${tasks.queued} tasks queued, ${tasks.inFlight} in flight${formatParked(tasks)}${formatRemaining(tasks)}`,
    ...(orders.stuck > 0 ? [`${paint('red', 'stuck')} ${orders.stuck}: baton orders --stuck`] : []),
    ...(bottleneck ? [`${paint('yellow', 'bottleneck')} ${bottleneck}`] : []),
    '',
    plugins.length === 0
      ? 'no plugin is registered'
      : table(
          plugins.toSorted(byNeed),
          [
            { title: 'plugin', value: ({ name }) => name, flexible: true },
            { title: 'queued', value: ({ queued }) => queued, align: 'right' },
            { title: 'in flight', value: ({ inFlight }) => inFlight, align: 'right' },
            { title: 'oldest', value: formatOldest, align: 'right' },
            { title: 'instances', value: formatInstances, align: 'right' },
            { title: 'health', value: formatHealth, flexible: true },
          ],
          terminal,
        ),
  ];
  return foldLines(lines.join('\n'), columns);
}

/** Of many orders a sample tells: a workflow that has few of them may be missing there. */
function formatByWorkflow({ byWorkflow, byWorkflowApproximate }: StatusView['orders']): string {
  const about = byWorkflowApproximate ? 'about ' : '';
  const all = Object.entries(byWorkflow).map(
    ([name, count]) => `${name === ALL_AD_HOC ? 'ad hoc' : name} ${about}${count}`,
  );
  if (all.length === 0) return '';
  const note = byWorkflowApproximate ? '; workflows with few orders may be missing' : '';
  return ` (${all.join(', ')}${note})`;
}

/** First what is behind, the slowest to catch up in front; then what has most to do for each instance that it may have. */
function byNeed(a: PluginStatus, b: PluginStatus): number {
  return drainSeconds(b) - drainSeconds(a) || loadOf(b) - loadOf(a) || (a.name < b.name ? -1 : 1);
}

function drainSeconds({ bottleneck }: PluginStatus): number {
  if (bottleneck === undefined) return -1;
  return bottleneck.timeToDrainSeconds ?? Number.MAX_SAFE_INTEGER;
}

function loadOf({ queued = 0, concurrency }: PluginStatus): number {
  return queued / Math.max(1, concurrency.ceiling);
}

type PluginStatus = StatusView['plugins'][number];

/** Paused orders go on only when somebody says so. */
function formatPaused({ paused, pausedApproximate }: StatusView['orders']): string {
  if (paused === undefined || paused === 0) return '';
  return `, ${pausedApproximate ? 'about ' : ''}${paused} of them paused`;
}

function formatParked({ parked }: StatusView['tasks']): string {
  return parked > 0 ? `, ${parked} parked` : '';
}

function formatRemaining({ remaining }: StatusView['tasks']): string {
  return remaining === undefined ? '' : `, about ${remaining} to do`;
}

/** The time that the oldest task has waited, if one waits. */
function formatOldest({ queued, oldestSeconds }: PluginStatus): string | undefined {
  return queued === 0 || oldestSeconds === undefined ? undefined : formatSeconds(oldestSeconds);
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
  noWorker: 'none of its containers is at work',
  quarantined: 'it is in quarantine',
  slow: 'more instances would not help',
  switchedOff: 'its mapping is disabled',
};

function formatHealth(plugin: PluginStatus): string | undefined {
  const health = formatState(plugin);
  const { turns } = plugin;
  const [first, ...others] = turns?.waiting ?? [];
  if (first === undefined) return health;
  const more =
    others.length === 0
      ? ''
      : ` and ${others.length} more ${others.length === 1 ? 'client' : 'clients'}`;
  return `${health}; ${first.waiting} of ${first.client}${more} wait for a turn`;
}

function formatState({ health, bottleneck, quarantine }: PluginStatus): string | undefined {
  if (quarantine?.phase === 'closed' && health !== 'quarantined')
    return `new: ${quarantine.parked} parked, ${quarantine.reason}`;
  if (quarantine?.phase === 'closed')
    return `quarantined: ${quarantine.parked} parked, ${quarantine.reason}`;
  if (quarantine?.phase === 'draining')
    return `draining: ${quarantine.parked} parked, ${quarantine.reason}`;
  if (quarantine !== undefined && quarantine.parked > 0)
    return `reopening: ${quarantine.parked} parked`;
  if (bottleneck === undefined) return health === 'switchedOff' ? 'switched off' : health;
  const { cause, timeToDrainSeconds: seconds } = bottleneck;
  const drained = seconds === null ? 'nothing gets done' : `${formatSeconds(seconds)} to drain`;
  return `behind: ${CAUSES[cause]}, ${drained}`;
}
