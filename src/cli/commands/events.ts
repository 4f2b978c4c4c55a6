import type { Attributes } from '../../core/order.ts';
import { json } from '../api.ts';
import { readAttribute } from '../attributes.ts';
import type { AddCommand } from '../command.ts';
import { action } from '../command.ts';
import { readInputValue } from '../input-value.ts';
import type { EventReceipt } from '../responses.ts';
import { formatWorkflow } from '../value-pictures.ts';

interface SendOptions {
  readonly attribute?: Attributes;
}
/** `baton events send TYPE DATA` */
export const addEvents: AddCommand = (program, setExitCode) => {
  program
    .command('events')
    .description('send events, which start workflows')
    .command('send')
    .description('start every workflow whose `on` names the type')
    .argument('<type>', 'such as security.event')
    .argument('<data>', 'the input of the orders: JSON, text, or @file', readInputValue)
    .option(
      '--attribute <key=value>',
      'for filters and conditions; may be given several times',
      readAttribute,
    )
    .action(
      action(
        setExitCode,
        async ({ api, terminal }, { attribute = {} }: SendOptions, type: string, data: unknown) => {
          const { body } = await api.post<EventReceipt>(
            '/events',
            json({ type, data, attributes: attribute }),
          );
          terminal.result(body, () => {
            if (body.orders.length === 0) return `no workflow starts on ${type}`;
            const lines = body.orders.map(
              ({ orderId, workflow, version }) =>
                `order ${orderId} started (${formatWorkflow({ name: workflow, version })})`,
            );
            return lines.join('\n');
          });
          return undefined;
        },
      ),
    );
};
