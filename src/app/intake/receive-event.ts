import { isDeepStrictEqual } from 'node:util';
import { ulid } from 'ulid';
import { orderEventRequestSchema } from '../../contract/order-request.ts';
import { parse } from '../../contract/parse.ts';
import { Problem } from '../../contract/problem.ts';
import { defined } from '../../core/defined.ts';
import { hasEnded } from '../../core/order.ts';
import type { EnginePorts } from '../../engine/engine-ports.ts';
import { receiveEvent } from '../../engine/tending-events.ts';
import type { KeptEvent } from '../../ports/awaited-events.ts';
import { noOrder, orderIdIn } from '../access/permissions.ts';
import type { ApiRequest } from '../http/api-request.ts';
import { jsonBody } from '../http/api-request.ts';
import { idempotencyKey, keyedEventId } from './order-identity.ts';
import type { IntakePorts } from './order-intake.ts';
import { checkSizes, checkWhole, maxOrderBytes } from './order-intake.ts';

/** By which orders know an event, and how many tasks were told of it. */
export interface Received {
  readonly eventId: string;
  readonly told: number;
}

export type ReceivingPorts = Pick<EnginePorts, 'awaitedEvents' | 'messenger'>;

/** @param scope what else the key may be used for */
export function eventIdOf(key: string | undefined, scope: readonly string[]): string {
  return key === undefined ? ulid() : keyedEventId(key, scope);
}

/** Keeps the event for a day, and wakes who waits for it. @throws {Problem} IDEMPOTENCY_CONFLICT */
export async function received(event: KeptEvent, ports: ReceivingPorts): Promise<Received> {
  const { kept, told } = await receiveEvent(event, ports);
  if (!isSame(kept, event)) {
    throw new Problem('IDEMPOTENCY_CONFLICT', `${event.eventId} is another event`);
  }
  return { eventId: event.eventId, told };
}

function isSame(kept: KeptEvent, { receivedAt: _, ...event }: KeptEvent): boolean {
  const { receivedAt: __, ...other } = kept;
  return isDeepStrictEqual(other, event);
}

/** An event for one order alone: it takes it as soon as a step of it waits for the type, within a day. @throws {Problem} */
export async function postOrderEvent(request: ApiRequest, ports: IntakePorts) {
  const orderId = orderIdIn(request);
  const value = jsonBody(request, maxOrderBytes(ports));
  checkWhole('data', value, ports.maxInputBytes);
  const { type: eventType, key, data = null } = parse(orderEventRequestSchema, value);
  checkSizes({ path: 'data', value: data }, {}, ports.maxInputBytes);
  const state = (await ports.journal.latest(orderId))?.state;
  if (state === undefined) throw noOrder(orderId);
  // One that has failed may be retried, and wait then.
  if (hasEnded(state) && state.status !== 'failed') {
    throw new Problem('ORDER_ENDED', `order ${orderId}: the order has ended: ${state.status}`);
  }
  const eventId = eventIdOf(idempotencyKey(request), ['order', orderId]);
  const event = { eventId, eventType, ...defined({ key }), orderId };
  await received({ ...event, receivedAt: ports.clock(), data }, ports);
  return { status: 202, body: { orderId, eventId } };
}
