import * as paths from '../../client/paths.ts';
import type { AddCommand, Session } from '../command.ts';
import { action, readCount } from '../command.ts';
import { CliError, UsageError } from '../errors.ts';
import type { ExitCode } from '../exit-codes.ts';
import { EXIT } from '../exit-codes.ts';
import { interruptible } from '../interruption.ts';
import type { OrderView } from '../responses.ts';
import { tellWaiting } from '../tell-waiting.ts';
import { waitForOrders } from '../wait-for-orders.ts';
import { drawOrder } from './order-picture.ts';

interface OrderOptions {
  readonly wait?: true;
  readonly timeout?: number;
}

/** `baton order ID` */
export const addOrder: AddCommand = (program, setExitCode) => {
  program
    .command('order')
    .description('show an order: its status, its tasks, and what happened when')
    .argument('<orderId>')
    .option('--wait', 'wait until it has ended; exit code 0 only if it completed')
    .option('--timeout <seconds>', 'with --wait: the longest wait', readCount)
    .action(
      action(setExitCode, async (session, options: OrderOptions, orderId: string) => {
        if (options.timeout !== undefined && options.wait !== true) {
          throw new UsageError('--timeout goes with --wait');
        }
        const { api, terminal } = session;
        const stopped = options.wait ? await wait(session, orderId, options) : undefined;
        const order = await api.get<OrderView>(paths.order(orderId));
        terminal.result(order, () => drawOrder(order, terminal));
        if (stopped !== undefined) terminal.complain(stopped.message);
        return stopped?.exitCode ?? (options.wait ? exitCodeOf(order) : EXIT.ok);
      }),
    );
};

/** @returns why it waits no longer, unless the order has ended */
function wait(
  { api, terminal }: Session,
  orderId: string,
  { timeout }: OrderOptions,
): Promise<CliError | undefined> {
  return interruptible(async (signal) => {
    try {
      const limitMs = timeout === undefined ? undefined : timeout * 1000;
      await waitForOrders(api, [orderId], { limitMs, signal, onSeen: tellWaiting(terminal) });
      return undefined;
    } catch (error) {
      if (error instanceof CliError) return error;
      throw error;
    }
  });
}

const exitCodeOf = ({ status }: OrderView): ExitCode =>
  status === 'completed' ? EXIT.ok : EXIT.refused;
