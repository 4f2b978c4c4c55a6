import type { Attributes } from '../../core/order.ts';
import type { Todo } from '../../core/workflow.ts';
import { json } from '../api.ts';
import { readAttribute } from '../attributes.ts';
import type { AddCommand, Session } from '../command.ts';
import { action, readCount } from '../command.ts';
import { CliError, UsageError } from '../errors.ts';
import type { ExitCode } from '../exit-codes.ts';
import { EXIT } from '../exit-codes.ts';
import { readInputValue } from '../input-value.ts';
import type { OrderFile } from '../order-file/read-order-file.ts';
import { readOrderFile } from '../order-file/read-order-file.ts';
import { startProgress } from '../progress.ts';
import type { OrderView } from '../responses.ts';
import type { Submission } from '../submission.ts';
import { sendFile } from '../submission.ts';
import { readTodo } from '../todo.ts';
import { waitForOrders } from '../wait-for-orders.ts';
import { drawSubmission } from './submission-picture.ts';

interface SubmitOptions {
  readonly workflow?: string;
  readonly todo?: Todo;
  readonly client?: string;
  readonly input?: unknown;
  readonly attribute?: Attributes;
  readonly type?: string;
  readonly idempotencyKey?: string;
  readonly wait?: boolean;
  readonly timeout?: number;
}

/** `baton submit FILE|-` */
export const addSubmit: AddCommand = (program, setExitCode) => {
  program
    .command('submit')
    .description(
      'send the orders of a CSV, JSON or NDJSON file, or one order whose input is another file, such as an image',
    )
    .argument('[file]', 'the file, - for stdin')
    .option(
      '--input <value>',
      'one order with this input, instead of a file: JSON, text, or @file',
      readInputValue,
    )
    .option('--workflow <name>', 'the workflow for orders that name none')
    .option(
      '--todo <list>',
      'with --input: the plugins; "A;B|C" runs A, then B and C in parallel',
      readTodo,
    )
    .option('--client <id>', 'the client to whom the orders belong')
    .option('--attribute <key=value>', 'with --input; may be given several times', readAttribute)
    .option('--type <media-type>', "the file's media type, if its name does not say it")
    .option('--idempotency-key <key>', 'sending again under the same key makes no second orders')
    .option('--wait', 'wait until the orders have ended; exit code 0 only if all completed')
    .option('--timeout <seconds>', 'with --wait: the longest wait', readCount)
    .addHelpText(
      'after',
      `
Examples:
  baton submit orders.csv --wait
  baton submit picture.jpg --client X
  baton submit --input 5 --todo "A;B" --wait
  jq -c '.[]' orders.json | baton submit - --type application/x-ndjson`,
    )
    .action(
      action(setExitCode, async (session, options: SubmitOptions, path?: string) => {
        check(options, path);
        const { terminal } = session;
        const { error: interruption, ...sent } = await send(session, path, options);
        const waited = options.wait === true ? await wait(session, sent, options) : undefined;
        const error = interruption ?? waited?.error;
        const outcome = waited === undefined ? sent : { ...sent, ended: waited.ended };
        terminal.result(error === undefined ? outcome : { ...outcome, ...error.toJSON() }, () =>
          drawSubmission(outcome, terminal),
        );
        if (error !== undefined) terminal.complain(error.message);
        if (interruption !== undefined) terminal.note(advice(sent));
        return error?.exitCode ?? exitCodeOf(outcome);
      }),
    );
};

function check(options: SubmitOptions, path: string | undefined): void {
  if ((path === undefined) === (options.input === undefined)) {
    throw new UsageError('give a file (or - for stdin) or --input: exactly one of them');
  }
  if (path !== undefined && (options.todo !== undefined || options.attribute !== undefined)) {
    throw new UsageError(
      '--todo and --attribute go with --input; the orders of a file have their own',
    );
  }
  if (options.todo !== undefined && options.workflow !== undefined) {
    throw new UsageError('give --workflow or --todo, not both');
  }
  if (options.timeout !== undefined && options.wait !== true) {
    throw new UsageError('--timeout goes with --wait');
  }
}

async function send(
  { api, terminal }: Session,
  path: string | undefined,
  options: SubmitOptions,
): Promise<Submission> {
  if (path === undefined) {
    return sendFile(api, oneOrder(options), { idempotencyKey: options.idempotencyKey });
  }
  const file = await readOrderFile(path, { mediaType: options.type });
  if (file.holds !== 'orders' || file.pieces.length === 1) return sendFile(api, file, options);
  const total = file.pieces.reduce((sum, { orders }) => sum + orders, 0);
  const progress = startProgress('sent', total, terminal);
  try {
    return await sendFile(api, file, {
      ...options,
      onProgress: (sent, rejected) =>
        progress.update(sent, rejected === 0 ? '' : `${rejected} rejected`),
    });
  } finally {
    progress.end();
  }
}

function oneOrder({ input, workflow, todo, client, attribute }: SubmitOptions): OrderFile {
  const { body, mediaType } = json({ input, workflow, todo, client, attributes: attribute });
  return { holds: 'order', mediaType, body: Buffer.from(body) };
}

/** Waits for the accepted orders. @returns those that have ended, and the error that stopped the waiting, if any */
async function wait(
  { api, terminal }: Session,
  { accepted }: Submission,
  { timeout }: SubmitOptions,
): Promise<{ readonly ended: readonly OrderView[]; readonly error?: CliError }> {
  const orderIds = accepted.map(({ orderId }) => orderId);
  const progress = startProgress('done', orderIds.length, terminal);
  const ended: OrderView[] = [];
  let unsuccessful = 0;
  try {
    await waitForOrders(api, orderIds, {
      limitMs: timeout === undefined ? undefined : timeout * 1000,
      onEnded(order) {
        ended.push(order);
        if (order.status !== 'completed') unsuccessful += 1;
        progress.update(ended.length, unsuccessful === 0 ? '' : `${unsuccessful} not completed`);
      },
    });
    return { ended };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return { ended, error };
  } finally {
    progress.end();
  }
}

function advice({ idempotencyKey }: Submission): string {
  return `Not all orders were sent. Send the file again with --idempotency-key ${idempotencyKey}: no order is made twice.`;
}

function exitCodeOf({
  rejected,
  ended = [],
}: Submission & { readonly ended?: readonly OrderView[] }): ExitCode {
  const unsuccessful = ended.some(({ status }) => status !== 'completed');
  return rejected.length > 0 || unsuccessful ? EXIT.refused : EXIT.ok;
}
