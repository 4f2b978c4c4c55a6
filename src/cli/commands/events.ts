import type { Attributes } from '../../core/order.ts';
import type { EventReceipt } from '../answers.ts';
import { json } from '../api.ts';
import { readAttribute } from '../attributes.ts';
import type { AddCommand } from '../command.ts';
import { action, readJson } from '../command.ts';
import { sayWorkflow } from '../value-pictures.ts';

interface SendOptions {
  readonly attribute?: Attributes;
}
/** `baton events send TYPE DATA` */
export const addEvents: AddCommand = (program, leave) => {
  program
    .command('events')
    .description('events start workflows')
    .command('send')
    .description('start every workflow whose `on` names the type')
    .argument('<type>', 'such as security.event')
    .argument('<data>', 'JSON: the input of the orders', readJson)
    .option(
      '--attribute <key=value>',
      'for filters and conditions; may stand several times',
      readAttribute,
    )
    .action(
      action(
        leave,
        async ({ api, terminal }, { attribute = {} }: SendOptions, type: string, data: unknown) => {
          const { body } = await api.post<EventReceipt>(
            '/events',
            json({ type, data, attributes: attribute }),
          );
          terminal.result(body, () => {
            if (body.orders.length === 0) return `no workflow starts on ${type}`;
            const lines = body.orders.map(
              ({ orderId, workflow, version }) =>
                `order ${orderId} started (${sayWorkflow({ name: workflow, version })})`,
            );
            return lines.join('\n');
          });
          return undefined;
        },
      ),
    );
};
