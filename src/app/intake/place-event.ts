import { eventRequestSchema } from '../../contract/order-request.ts';
import { parse } from '../../contract/parse.ts';
import type { OrderPlaced } from '../../core/event.ts';
import type { Json } from '../../core/json.ts';
import { placeAll } from '../../engine/placing.ts';
import { fingerprintOf } from './order-identity.ts';
import type { IntakePorts, Receipt } from './order-intake.ts';
import { checkSizes, checkWhole, orderIdOf, receiptOf } from './order-intake.ts';

/**
 * Starts an order of every workflow whose `on` names the event's type. Whoever sends an event does not know who listens:
 * a workflow that names a plugin which is not registered starts too, and its order tells what is missing.
 */
export async function placeEvent(
  value: Json,
  key: string | undefined,
  ports: IntakePorts,
): Promise<{ readonly orders: readonly Receipt[] }> {
  checkWhole('data', value, ports.maxInputBytes);
  const event = parse(eventRequestSchema, value);
  const input = event.data;
  const { type, attributes } = event;
  checkSizes({ path: 'data', value: input }, attributes, ports.maxInputBytes);
  const workflows = (await ports.workflows.list()).filter(({ on }) => on.includes(type));
  const fingerprint = fingerprintOf({ type, data: input, attributes });
  const at = ports.clock();
  const placed = await placeAll(
    workflows.map(
      ({ name, version }): OrderPlaced => ({
        type: 'OrderPlaced',
        orderId: orderIdOf({}, key, `events ${name}`),
        workflow: { name, version },
        ...{ at, input, attributes, fingerprint },
      }),
    ),
    ports,
  );
  return { orders: placed.map(receiptOf) };
}
