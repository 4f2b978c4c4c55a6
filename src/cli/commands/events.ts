import * as paths from '../../client/paths.ts';
import { defined } from '../../core/defined.ts';
import type { Attributes } from '../../core/order.ts';
import type { Api } from '../api.ts';
import { json } from '../api.ts';
import { readAttribute } from '../attributes.ts';
import type { AddCommand } from '../command.ts';
import { action } from '../command.ts';
import { UsageError } from '../errors.ts';
import { readInputValue } from '../input-value.ts';
import type { EventReceipt, OrderEventReceipt } from '../responses.ts';
import type { Terminal } from '../terminal.ts';
import { formatWorkflow } from '../value-pictures.ts';

interface SendOptions {
  readonly key?: string;
  readonly order?: string;
  readonly attribute?: Attributes;
}

/** Where an event is sent, and by what it is shown. */
interface Sending {
  readonly api: Api;
  readonly terminal: Terminal;
}

/** `baton events send TYPE DATA` */
export const addEvents: AddCommand = (program, setExitCode) => {
  program
    .command('events')
    .description('send events, which start workflows and wake orders that wait for them')
    .command('send')
    .description(
      'start every workflow whose `on` names the type, and wake the orders that wait for it under the key',
    )
    .argument('<type>', 'such as security.event')
    .argument(
      '[data]',
      'the input of the orders, and the result of the steps that wait: JSON, text, or @file (default: null)',
      readInputValue,
    )
    .option('--key <text>', 'under which orders wait for it, such as the number of an invoice')
    .option('--order <id>', 'for this order alone: nothing is started')
    .option(
      '--attribute <key=value>',
      'for filters and conditions; may be given several times',
      readAttribute,
    )
    .action(
      action(
        setExitCode,
        async (sending, options: SendOptions, type: string, data: unknown = null) => {
          const { order, key, attribute } = options;
          if (order === undefined) {
            const attributes = attribute ?? {};
            await sendToAll({ type, ...defined({ key }), data, attributes }, sending);
          } else if (attribute === undefined) {
            await sendToOrder(order, { type, ...defined({ key }), data }, sending);
          } else {
            throw new UsageError('--attribute is for orders that the event starts: leave it out');
          }
          return undefined;
        },
      ),
    );
};

interface NewEvent {
  readonly type: string;
  readonly key?: string;
  readonly data: unknown;
}

async function sendToAll(event: NewEvent & { attributes: Attributes }, { api, terminal }: Sending) {
  const { body } = await api.post<EventReceipt>('/events', json(event));
  terminal.result(body, () => {
    const { orders, told } = body;
    const lines = orders.map(
      ({ orderId, workflow, version }) =>
        `order ${orderId} started (${formatWorkflow({ name: workflow, version })})`,
    );
    if (lines.length === 0) lines.push(`no workflow starts on ${event.type}`);
    if (told !== undefined) lines.push(told === 0 ? 'no order waits for it yet' : toldOf(told));
    return lines.join('\n');
  });
}

async function sendToOrder(orderId: string, event: NewEvent, { api, terminal }: Sending) {
  const path = paths.eventsOfOrder(orderId);
  const { body } = await api.post<OrderEventReceipt>(path, json(event));
  terminal.result(body, () => `${orderId} is told of ${event.type}`);
}

function toldOf(told: number): string {
  return told === 1
    ? '1 task that waits for it is told'
    : `${told} tasks that wait for it are told`;
}
