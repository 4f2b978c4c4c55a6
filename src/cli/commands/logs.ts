import * as paths from '../../client/paths.ts';
import { pause } from '../../client/pause.ts';
import type { Api } from '../api.ts';
import type { AddCommand, Session } from '../command.ts';
import { action, readCount } from '../command.ts';
import { InterruptedError } from '../errors.ts';
import type { ExitCode } from '../exit-codes.ts';
import { EXIT } from '../exit-codes.ts';
import { interruptible } from '../interruption.ts';
import { commandsFor } from '../logs/deployed-logs.ts';
import { findLog, isOfThisMachine } from '../logs/find-log.ts';
import { drawLogLine, type LogLine, readLogLine } from '../logs/log-line.ts';
import { LogReader } from '../logs/log-reader.ts';
import { allPages } from '../pages.ts';
import type { OrderView, PluginView } from '../responses.ts';
import { visibleJson } from '../visible-text.ts';

/** Without an order, so many lines are shown. */
const LINES = 50;

const LOOK_EVERY_MS = 250;

interface LogsOptions {
  readonly follow?: true;
  readonly plugin?: string;
  readonly lines?: number;
  readonly data?: string;
}

/** `baton logs [ORDER]` */
export const addLogs: AddCommand = (program, setExitCode) => {
  program
    .command('logs')
    .description(
      'show what functions have logged: on this machine the lines, of a deployed Baton the commands that show them',
    )
    .argument('[orderId]', 'only lines that name this order')
    .option('--follow', 'go on with what is written, until Ctrl-C')
    .option('--plugin <name>', 'only what this plugin, or function of the core, has written')
    .option('--lines <count>', `the last lines; ${LINES} by default, of an order all`, readCount)
    .option('--data <folder>', 'the data folder of the local stack (default: found under .baton/)')
    .action(
      action(setExitCode, async (session, options: LogsOptions, orderId?: string) =>
        isOfThisMachine(session.api.url)
          ? showLines(session, options, orderId)
          : showCommands(session, options, orderId),
      ),
    );
};

async function showLines(
  { api, terminal }: Session,
  { follow, plugin, lines, data }: LogsOptions,
  orderId: string | undefined,
): Promise<ExitCode> {
  const file = findLog(api.url, data);
  const wanted = (text: string): LogLine | undefined => {
    if (orderId !== undefined && !text.includes(orderId)) return undefined;
    const line = readLogLine(text);
    return plugin === undefined || line?.function === plugin ? line : undefined;
  };
  const most = lines ?? (orderId === undefined ? LINES : Number.POSITIVE_INFINITY);
  const last: LogLine[] = [];
  const log = new LogReader(file);
  // What was moved aside when the log grew too long comes first.
  for (const part of [new LogReader(`${file}.old`), log]) {
    for await (const text of part.lines()) {
      const line = wanted(text);
      if (line !== undefined) last.push(line);
      if (last.length > most) last.shift();
    }
  }
  if (!follow) {
    terminal.result({ lines: last }, () => drawAll(last, terminal) || `nothing in ${file}`);
    return EXIT.ok;
  }
  const show = (line: LogLine) =>
    process.stdout.write(`${terminal.json ? visibleJson(line) : drawLogLine(line, terminal)}\n`);
  last.forEach(show);
  return untilInterrupted(async (signal) => {
    for (;;) {
      await pause(LOOK_EVERY_MS, signal);
      for await (const text of log.lines()) {
        const line = wanted(text);
        if (line !== undefined) show(line);
      }
    }
  });
}

function drawAll(lines: readonly LogLine[], terminal: Session['terminal']): string {
  return lines.map((line) => drawLogLine(line, terminal)).join('\n');
}

/** Until Ctrl-C, which is how it ends. */
async function untilInterrupted(work: (signal: AbortSignal) => Promise<never>): Promise<ExitCode> {
  try {
    return await interruptible(work);
  } catch (error) {
    if (error instanceof InterruptedError) return EXIT.interrupted;
    throw error;
  }
}

/** What shows the logs of a deployed Baton. The API has none, and should not: who may read them is a matter of the AWS account. */
export async function showCommands(
  { api, terminal }: Session,
  { follow, plugin }: LogsOptions,
  orderId: string | undefined,
): Promise<ExitCode> {
  const order = orderId === undefined ? undefined : await readOrder(api, orderId);
  const { plugins } = await allPages<'plugins', PluginView>(api, '/plugins', 'plugins');
  const asked = plugins.filter(
    ({ name }) =>
      (plugin === undefined || plugin === name) &&
      (order === undefined || order.tasks.some((task) => task.plugin === name)),
  );
  const commands = commandsFor(asked, { orderId, since: order?.acceptedAt, follow });
  terminal.result({ commands }, () => commands.join('\n'));
  terminal.note(
    "the core's functions log under /aws/lambda/<system>-<stage>-…, such as …-orchestrate; docs/operations.md has queries over all of them",
  );
  return EXIT.ok;
}

const readOrder = (api: Api, orderId: string) => api.get<OrderView>(paths.order(orderId));
