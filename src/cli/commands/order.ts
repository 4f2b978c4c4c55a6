import type { OrderView } from '../answers.ts';
import type { AddCommand } from '../command.ts';
import { action } from '../command.ts';
import { drawOrder } from './order-picture.ts';

/** `baton order ID` */
export const addOrder: AddCommand = (program, leave) => {
  program
    .command('order')
    .description('show an order: where it stands, its tasks, what happened when')
    .argument('<orderId>')
    .action(
      action(leave, async ({ api, terminal }, _: object, orderId: string) => {
        const order = await api.get<OrderView>(`/orders/${encodeURIComponent(orderId)}`);
        terminal.result(order, () => drawOrder(order, terminal));
        return undefined;
      }),
    );
};
