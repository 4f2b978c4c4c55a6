import type { Attributes } from '../../core/order.ts';
import type { Todo } from '../../core/workflow.ts';
import { json } from '../api.ts';
import { readAttribute } from '../attributes.ts';
import type { AddCommand, Session } from '../command.ts';
import { action, readCount } from '../command.ts';
import { CliError, InterruptedError, UsageError } from '../errors.ts';
import type { ExitCode } from '../exit-codes.ts';
import { EXIT } from '../exit-codes.ts';
import { readInputValue } from '../input-value.ts';
import { interruptible } from '../interruption.ts';
import type { OrderFile } from '../order-file/read-order-file.ts';
import { readOrderFile } from '../order-file/read-order-file.ts';
import { startProgress } from '../progress.ts';
import type { OrderView } from '../responses.ts';
import { shellWords } from '../shell-words.ts';
import type { Submission } from '../submission.ts';
import { sendFile } from '../submission.ts';
import { tellWaiting } from '../tell-waiting.ts';
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
  readonly traceparent?: string;
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
    .option('--traceparent <header>', 'where the orders hang in a trace: W3C Trace Context')
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
      action(setExitCode, (session, options: SubmitOptions, path?: string) => {
        check(options, path);
        return interruptible((signal) => submit(session, options, path, signal));
      }),
    );
};

async function submit(
  session: Session,
  options: SubmitOptions,
  path: string | undefined,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { terminal } = session;
  const { error: interruption, ...sent } = await send(session, path, options, signal);
  const waits = options.wait === true && !(interruption instanceof InterruptedError);
  const waited = waits ? await wait(session, sent, options, signal) : undefined;
  const error = interruption ?? waited?.error;
  const outcome = waited === undefined ? sent : { ...sent, ended: waited.ended };
  terminal.result(error === undefined ? outcome : { ...outcome, ...error.toJSON() }, () =>
    drawSubmission(outcome, terminal),
  );
  if (error !== undefined) terminal.complain(error.message);
  if (interruption !== undefined) terminal.note(howToGoOn(sent, path));
  if (waited?.error instanceof InterruptedError) terminal.note(howToLook(sent, waited.ended));
  return error?.exitCode ?? exitCodeOf(outcome);
}

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
  signal: AbortSignal,
): Promise<Submission> {
  if (path === undefined) {
    const { idempotencyKey, traceparent } = options;
    return sendFile(api, oneOrder(options), { idempotencyKey, traceparent, signal });
  }
  const file = await readOrderFile(path, { mediaType: options.type });
  if (file.holds !== 'orders' || file.pieces.length === 1) {
    return sendFile(api, file, { ...options, signal });
  }
  const total = file.pieces.reduce((sum, { orders }) => sum + orders, 0);
  const progress = startProgress('sent', total, terminal);
  try {
    return await sendFile(api, file, {
      ...{ ...options, signal },
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
  signal: AbortSignal,
): Promise<{ readonly ended: readonly OrderView[]; readonly error?: CliError }> {
  const orderIds = accepted.map(({ orderId }) => orderId);
  const [only] = orderIds;
  // Whatever becomes of the waiting, the order can be found again.
  if (only !== undefined && orderIds.length === 1) terminal.note(`order ${only} is accepted`);
  const progress = startProgress('done', orderIds.length, terminal);
  const seen = orderIds.length === 1 ? tellWaiting(terminal) : () => undefined;
  const ended: OrderView[] = [];
  let unsuccessful = 0;
  try {
    await waitForOrders(api, orderIds, {
      limitMs: timeout === undefined ? undefined : timeout * 1000,
      signal,
      onSeen: seen,
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

/** What sends the rest, and nothing twice. */
function howToGoOn({ idempotencyKey, uncertain }: Submission, path: string | undefined): string {
  if (uncertain !== undefined) {
    return `It is not known whether the order was placed: npx baton order ${uncertain}`;
  }
  const key = ['--idempotency-key', String(idempotencyKey)];
  const words = withoutOptions(process.argv.slice(2), ['--idempotency-key', '--token']);
  // A token does not belong into what is printed.
  const token = process.argv.some((word) => word.startsWith('--token')) ? 'BATON_TOKEN=… ' : '';
  const command = `${token}npx ${shellWords(['baton', ...words, ...key])}`;
  const how = path === '-' ? 'Send the same on standard input again with' : 'To go on';
  return `Not all orders were sent. ${how}, without making any order twice:\n  ${command}`;
}

/** A command line without these options and their values. */
function withoutOptions(words: readonly string[], options: readonly string[]): readonly string[] {
  return words.filter((word, index) => {
    const isOption = options.some((one) => word === one || word.startsWith(`${one}=`));
    return !isOption && !options.includes(words[index - 1] ?? '');
  });
}

function howToLook({ accepted }: Submission, ended: readonly OrderView[]): string {
  const done = new Set(ended.map(({ orderId }) => orderId));
  const open = accepted.filter(({ orderId }) => !done.has(orderId));
  const [only] = open;
  return open.length === 1
    ? `The order goes on: npx baton order ${only?.orderId}`
    : `${open.length} orders go on: npx baton orders`;
}

function exitCodeOf({
  rejected,
  ended = [],
}: Submission & { readonly ended?: readonly OrderView[] }): ExitCode {
  const unsuccessful = ended.some(({ status }) => status !== 'completed');
  return rejected.length > 0 || unsuccessful ? EXIT.refused : EXIT.ok;
}
