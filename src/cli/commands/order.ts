import type { AddCommand } from '../command.ts';
import { action } from '../command.ts';
import type { OrderView } from '../responses.ts';
import { drawOrder } from './order-picture.ts';

/** `baton order ID` */
export const addOrder: AddCommand = (program, setExitCode) => {
  program
    .command('order')
    .description('show an order: its status, its tasks, and what happened when')
    .argument('<orderId>')
    .action(
      action(setExitCode, async ({ api, terminal }, _: object, orderId: string) => {
        const order = await api.get<OrderView>(`/orders/${encodeURIComponent(orderId)}`);
        terminal.result(order, () => drawOrder(order, terminal));
        return undefined;
      }),
    );
};
