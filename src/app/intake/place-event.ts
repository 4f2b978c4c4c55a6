import { eventRequestSchema } from '../../contract/order-request.ts';
import { parse } from '../../contract/parse.ts';
import type { Problem, ProblemCode } from '../../contract/problem.ts';
import { defined } from '../../core/defined.ts';
import type { OrderPlaced } from '../../core/event.ts';
import type { Json } from '../../core/json.ts';
import { placeAll } from '../../engine/placing.ts';
import { problemOf } from '../http/problem-of.ts';
import { fingerprintOf } from './order-identity.ts';
import type { IntakePorts, Receipt, Request } from './order-intake.ts';
import { checkSizes, checkWhole, orderIdOf, receiptOf } from './order-intake.ts';
import type { Received } from './receive-event.ts';
import { eventIdOf, received } from './receive-event.ts';

/** The orders that an event started, and the workflows whose order could not be stored; of an event with a key, also whom it has woken. */
export interface EventReceipt extends Partial<Received> {
  readonly orders: readonly Receipt[];
  readonly rejected?: readonly RejectedStart[];
}

export interface RejectedStart {
  readonly workflow: string;
  readonly code: ProblemCode;
  readonly message: string;
}

/**
 * Starts an order of every workflow whose `on` names the event's type, and wakes those that wait for it under its key. The sender of an
 * event does not know who listens: a workflow that names a plugin which is not registered starts too, and its order says what is missing.
 * @throws {Problem} when no order could be placed, though there are workflows that start on the event; nobody may have been woken then,
 * and to send it again under the same `Idempotency-Key` is to send it once
 */
export async function placeEvent(
  value: Json,
  { key, requestId, trace }: Pick<Request, 'key' | 'requestId' | 'trace'>,
  ports: IntakePorts,
): Promise<EventReceipt> {
  checkWhole('data', value, ports.maxInputBytes);
  const event = parse(eventRequestSchema, value);
  const input = event.data;
  const { type, key: topic, attributes } = event;
  checkSizes({ path: 'data', value: input }, attributes, ports.maxInputBytes);
  const workflows = (await ports.workflows.list()).filter(({ on }) => on.includes(type));
  const about = defined({ type, key: topic, data: input, attributes });
  const fingerprint = fingerprintOf(about);
  const at = ports.clock();
  const eventId = topic === undefined ? undefined : eventIdOf(key, ['events', type, topic]);
  const placings = await placeAll(
    workflows.map(
      ({ name, version }): OrderPlaced => ({
        type: 'OrderPlaced',
        orderId: orderIdOf({}, key, `events ${name}`),
        workflow: { name, version },
        ...{ at, input, attributes, fingerprint, ...defined({ trace, eventId }) },
      }),
    ),
    ports,
  );
  const orders: Receipt[] = [];
  const refusals: { readonly workflow: string; readonly problem: Problem }[] = [];
  placings.forEach((placing, index) => {
    try {
      if (placing.outcome === 'failed') throw placing.error;
      orders.push(receiptOf(placing));
    } catch (error) {
      const problem = problemOf(error, { requestId });
      refusals.push({ workflow: workflows[index]?.name ?? '', problem });
    }
  });
  const [first] = refusals;
  if (first !== undefined && orders.length === 0) throw first.problem;
  const rejected = refusals.map(({ workflow, problem: { code, message } }) => ({
    ...{ workflow, code, message },
  }));
  const started = { orders, ...(rejected.length > 0 && { rejected }) };
  if (topic === undefined || eventId === undefined) return started;
  const toKeep = { eventId, eventType: type, key: topic, receivedAt: at, data: input };
  return { ...started, ...(await received(toKeep, ports)) };
}
