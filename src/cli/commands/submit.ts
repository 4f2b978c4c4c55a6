import type { Attributes } from '../../core/order.ts';
import type { Todo } from '../../core/workflow.ts';
import type { OrderView } from '../answers.ts';
import { json } from '../api.ts';
import { readAttribute } from '../attributes.ts';
import type { AddCommand, Session } from '../command.ts';
import { action, readCount, readJson } from '../command.ts';
import { CliError, UsageError } from '../errors.ts';
import type { ExitCode } from '../exit-codes.ts';
import { EXIT } from '../exit-codes.ts';
import type { OrderFile } from '../order-file/read-order-file.ts';
import { readOrderFile } from '../order-file/read-order-file.ts';
import { startProgress } from '../progress.ts';
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
export const addSubmit: AddCommand = (program, leave) => {
  program
    .command('submit')
    .description(
      'send orders: those of a CSV, JSON or NDJSON file, or one order whose input is an image or other file',
    )
    .argument('[file]', 'the file, - for stdin')
    .option('--input <json>', 'one order with this input, instead of a file', readJson)
    .option('--workflow <name>', 'the workflow of orders that name none')
    .option(
      '--todo <list>',
      'with --input: plugins; "A;B|C" runs A, then B and C in parallel',
      readTodo,
    )
    .option('--client <id>', 'the client whose orders they are')
    .option('--attribute <key=value>', 'with --input; may stand several times', readAttribute)
    .option('--type <media-type>', 'what the file is, if its name does not tell')
    .option('--idempotency-key <key>', 'the same orders under the same key are made once')
    .option('--wait', 'wait until the orders have ended; exit code 0 only if all completed')
    .option('--timeout <seconds>', 'wait no longer than that', readCount)
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
      action(leave, async (session, options: SubmitOptions, path?: string) => {
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
    throw new UsageError('submit takes a file (or - for stdin), or --input: one of them');
  }
  if (path !== undefined && (options.todo !== undefined || options.attribute !== undefined)) {
    throw new UsageError('--todo and --attribute go with --input; a file says such things itself');
  }
  if (options.todo !== undefined && options.workflow !== undefined) {
    throw new UsageError('an order has a workflow or a todo, not both');
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

/** The orders that have ended, and what kept the others from being waited for, if anything did. */
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
  return `Not all was sent. Send the same again with --idempotency-key ${idempotencyKey}: what was accepted is not made twice.`;
}

function exitCodeOf({
  rejected,
  ended = [],
}: Submission & { readonly ended?: readonly OrderView[] }): ExitCode {
  const unsuccessful = ended.some(({ status }) => status !== 'completed');
  return rejected.length > 0 || unsuccessful ? EXIT.refused : EXIT.ok;
}
