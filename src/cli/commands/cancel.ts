import { defined } from '../../core/defined.ts';
import { json } from '../api.ts';
import type { AddCommand } from '../command.ts';
import { action } from '../command.ts';
import type { Receipt } from '../responses.ts';

/** `baton cancel ID` */
export const addCancel: AddCommand = (program, setExitCode) => {
  program
    .command('cancel')
    .description('cancel an order that has not ended')
    .argument('<orderId>')
    .option('--reason <text>', 'why; the order shows it')
    .action(
      action(
        setExitCode,
        async ({ api, terminal }, { reason }: { reason?: string }, orderId: string) => {
          const path = `/orders/${encodeURIComponent(orderId)}/cancel`;
          const content = json(defined({ reason }));
          const { body } = await api.post<Receipt>(path, content);
          terminal.result(body, () => `${orderId} is ${body.status}`);
          return undefined;
        },
      ),
    );
};
