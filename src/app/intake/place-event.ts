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

/** The orders that an event started, and the workflows whose order could not be stored. */
export interface EventReceipt {
  readonly orders: readonly Receipt[];
  readonly rejected?: readonly RejectedStart[];
}

export interface RejectedStart {
  readonly workflow: string;
  readonly code: ProblemCode;
  readonly message: string;
}

/**
 * Starts an order of every workflow whose `on` names the event's type. The sender of an event does not know who listens: a
 * workflow that names a plugin which is not registered starts too, and its order says what is missing.
 * @throws {Problem} when no order could be placed, though there are workflows that wait for the event.
 */
export async function placeEvent(
  value: Json,
  { key, requestId, trace }: Pick<Request, 'key' | 'requestId' | 'trace'>,
  ports: IntakePorts,
): Promise<EventReceipt> {
  checkWhole('data', value, ports.maxInputBytes);
  const event = parse(eventRequestSchema, value);
  const input = event.data;
  const { type, attributes } = event;
  checkSizes({ path: 'data', value: input }, attributes, ports.maxInputBytes);
  const workflows = (await ports.workflows.list()).filter(({ on }) => on.includes(type));
  const fingerprint = fingerprintOf({ type, data: input, attributes });
  const at = ports.clock();
  const placings = await placeAll(
    workflows.map(
      ({ name, version }): OrderPlaced => ({
        type: 'OrderPlaced',
        orderId: orderIdOf({}, key, `events ${name}`),
        workflow: { name, version },
        ...{ at, input, attributes, fingerprint, ...defined({ trace }) },
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
  return { orders, ...(rejected.length > 0 && { rejected }) };
}
