import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { ulid } from 'ulid';
import * as paths from '../../client/paths.ts';
import { defined } from '../../core/defined.ts';
import type { Api } from '../api.ts';
import { json } from '../api.ts';
import type { AddCommand } from '../command.ts';
import { action } from '../command.ts';
import { formatInstant } from '../durations.ts';
import type { ExitCode } from '../exit-codes.ts';
import { EXIT } from '../exit-codes.ts';
import { readInputValue } from '../input-value.ts';
import type { FilterOptions } from '../order-filter.ts';
import { filterOf, withFilterOptions } from '../order-filter.ts';
import { allPages } from '../pages.ts';
import { startProgress } from '../progress.ts';
import type { OperationPreview, OperationReceipt, OperationView } from '../responses.ts';
import { table } from '../table.ts';
import type { Terminal } from '../terminal.ts';

const ACTIONS = ['cancel', 'pause', 'resume', 'retry', 'skip'] as const;

const LOOK_EVERY_MS = 1000;

interface StartOptions extends FilterOptions {
  readonly undo: boolean;
  readonly latest?: true;
  readonly task?: string;
  readonly result?: unknown;
  readonly rate?: number;
  readonly reason?: string;
  readonly dryRun?: true;
  readonly detach?: true;
}

/** `baton operations start|list|show|stop` */
export const addOperations: AddCommand = (program, setExitCode) => {
  const operations = program
    .command('operations')
    .description('ask the same of many orders, in the background');
  withStartOptions(operations.command('start')).action(
    action(setExitCode, async ({ api, terminal }, options: StartOptions, act: string) => {
      const body = json(requestOf(act, options));
      if (options.dryRun) {
        const { body: preview } = await api.post<OperationPreview>('/operations', body);
        terminal.result(preview, () => drawPreview(preview));
        return undefined;
      }
      const post = { ...body, idempotencyKey: ulid() };
      const { body: begun } = await api.post<OperationReceipt>('/operations', post);
      if (options.detach) {
        terminal.result(begun, () => `${begun.operationId} has begun: ${matching(begun)}`);
        return undefined;
      }
      const { operationId } = begun;
      terminal.note(`${operationId} has begun; Ctrl-C leaves it going`);
      return follow(operationId, act, api, terminal);
    }),
  );
  operations
    .command('list')
    .description('list operations, newest first')
    .action(
      action(setExitCode, async ({ api, terminal }) => {
        const page = await allPages<'operations', OperationView>(api, '/operations', 'operations');
        terminal.result(page, () => drawAll(page.operations, terminal));
        return undefined;
      }),
    );
  operations
    .command('show')
    .description('show how far an operation has come')
    .argument('<operationId>')
    .option('--watch', 'until it has ended')
    .action(
      action(setExitCode, async ({ api, terminal }, { watch }: { watch?: true }, id: string) => {
        const operation = await read(id, api);
        if (watch) return follow(id, operation.action, api, terminal);
        terminal.result(operation, () => draw(operation));
        return undefined;
      }),
    );
  operations
    .command('stop')
    .description('end an operation after the orders that are under way; what is done stays done')
    .argument('<operationId>')
    .action(
      action(setExitCode, async ({ api, terminal }, _: object, id: string) => {
        const { body } = await api.post<OperationView>(paths.stopOfOperation(id), json({}));
        terminal.result(body, () => draw(body));
        return undefined;
      }),
    );
};

function withStartOptions(command: Command): Command {
  return withFilterOptions(
    command
      .description('begin an operation, and show how far it comes')
      .argument('<action>', ACTIONS.join(', '))
      .option('--no-undo', 'cancel: leave what the orders have done as it is')
      .option('--latest', 'retry: under the latest version of their workflow, where they fit')
      .option('--task <job>', 'skip: the job that counts as done')
      .addOption(
        new Option(
          '--result <value>',
          'skip: the task completes with it; JSON, text, or @file',
        ).argParser(readInputValue),
      ),
  )
    .option('--rate <count>', 'orders a second, from 0.1 to 100; 10 by default', readRate)
    .option('--reason <text>', 'why; each order shows it')
    .option('--dry-run', 'only say how many orders match')
    .option('--detach', 'do not wait for its end');
}

function readRate(text: string): number {
  const rate = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (rate >= 0.1 && rate <= 100) return rate;
  throw new InvalidArgumentError('It must be a number from 0.1 to 100.');
}

function requestOf(act: string, options: StartOptions): object {
  const { undo, latest, task, result, rate: ratePerSecond, reason, dryRun } = options;
  return defined({
    ...{ action: act, filter: filterOf(options), ratePerSecond, reason, dryRun, task, result },
    undo: undo ? undefined : false,
    version: latest && 'latest',
  });
}

/** Shows the progress until the operation has ended. */
async function follow(
  id: string,
  act: string,
  api: Api,
  terminal: Terminal,
): Promise<ExitCode | undefined> {
  let operation = await read(id, api);
  const progress = startProgress(act, operation.matched, terminal);
  try {
    while (operation.status === 'running') {
      const { done, refused } = operation;
      progress.update(done + refused, refused > 0 ? `${refused} refused` : '');
      await pause(LOOK_EVERY_MS);
      operation = await read(id, api);
    }
    progress.update(operation.done + operation.refused);
  } finally {
    progress.end();
  }
  terminal.result(operation, () => draw(operation));
  return operation.refused > 0 ? EXIT.refused : undefined;
}

const read = (id: string, api: Api) => api.get<OperationView>(paths.operation(id));

function matching({ matched, more }: { matched: number; more?: true | undefined }): string {
  return `${more ? 'more than ' : ''}${matched} orders match`;
}

function drawPreview(preview: OperationPreview): string {
  const ids = preview.sample.map(({ orderId, status }) => `  ${orderId}  ${status}`);
  const hasMore = preview.more || preview.matched > ids.length;
  return [matching(preview), ...ids, ...(hasMore && ids.length > 0 ? ['  …'] : [])].join('\n');
}

function draw(operation: OperationView): string {
  const { operationId, action: act, status, done, refused, actor, reason, askedAt } = operation;
  const codes = Object.entries(operation.refusals).map(([code, count]) => `  ${code} ${count}`);
  return [
    `${operationId}: ${act}, ${status}, ${matching(operation)}, ${done} done, ${refused} refused`,
    `  asked for by ${actor} ${formatInstant(askedAt)}${reason === undefined ? '' : `: ${reason}`}`,
    ...codes,
  ].join('\n');
}

function drawAll(all: readonly OperationView[], terminal: Terminal): string {
  if (all.length === 0) return 'no operations';
  return table(
    all,
    [
      { title: 'operation', value: ({ operationId }) => operationId },
      { title: 'action', value: (one) => one.action },
      { title: 'status', value: ({ status }) => status },
      { title: 'matched', value: ({ matched }) => matched, align: 'right' },
      { title: 'done', value: ({ done }) => done, align: 'right' },
      { title: 'refused', value: ({ refused }) => refused, align: 'right' },
      { title: 'by', value: ({ actor }) => actor, flexible: true },
      { title: 'asked', value: ({ askedAt }) => formatInstant(askedAt) },
      { title: 'reason', value: ({ reason }) => reason, flexible: true, optional: true },
    ],
    terminal,
  );
}
