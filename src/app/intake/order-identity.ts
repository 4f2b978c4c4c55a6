import { createHash } from 'node:crypto';
import { canonicalJson } from '../../contract/json-text.ts';
import { Problem } from '../../contract/problem.ts';
import type { Json } from '../../core/json.ts';
import type { Caller } from '../access/caller.ts';
import type { ApiRequest } from '../http/api-request.ts';
import { isOrderIdOfRun } from '../schedules/order-id-of-run.ts';

const KEYED_ID = /^key-[0-9a-f]{32}$/;
const MAX_KEY_LENGTH = 200;

/** A hash that stands for the value, whatever the order of its keys. */
export function fingerprintOf(value: Json): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, 32);
}

/**
 * The id of the order that an idempotency key stands for. Storing the order's first entry under it is what finds out
 * that the key was used before.
 * @param scope what else the key may be used for, so that one key never stands for two orders of one request.
 */
export function keyedOrderId(key: string, scope: string): string {
  return `key-${fingerprintOf([scope, key])}`;
}

/** The id of the event that an idempotency key stands for. */
export function keyedEventId(key: string, scope: readonly string[]): string {
  return `key-${fingerprintOf([...scope, key])}`;
}

/** Ids that Baton makes itself are nobody's to choose. @throws {Problem} INVALID_REQUEST */
export function checkChosenId(orderId: string): void {
  const isKeyed = KEYED_ID.test(orderId);
  if (!isKeyed && !isOrderIdOfRun(orderId)) return;
  const origin = isKeyed ? 'idempotency keys' : 'the names of schedules';
  const message = `orderId: ids like this one are made from ${origin}`;
  throw new Problem('INVALID_REQUEST', [{ path: 'orderId', message }]);
}

/**
 * The request's `Idempotency-Key`, if it has one.
 * @throws {Problem} INVALID_REQUEST
 */
export function idempotencyKey({
  headers,
  caller,
}: Pick<ApiRequest, 'headers' | 'caller'>): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (key !== '' && key.length <= MAX_KEY_LENGTH) return callersKey(key, caller);
  const message = `Idempotency-Key: a key has 1 to ${MAX_KEY_LENGTH} characters`;
  throw new Problem('INVALID_REQUEST', [{ path: 'Idempotency-Key', message }]);
}

/** The caller's own key: two clients that choose the same one do not meet. */
export function callersKey(key: string, caller: Caller): string {
  return caller.kind === 'operator' ? key : `${caller.client} ${key}`;
}
