import { createHash } from 'node:crypto';
import type { OrderRequest } from '../../contract/order-request.ts';
import { Problem } from '../../contract/problem.ts';
import { defined } from '../../core/defined.ts';
import type { ApiRequest } from '../http/api-request.ts';
import { FORM, notTaken } from '../http/api-request.ts';
import { createLookups } from './lookups.ts';
import { fingerprintOf } from './order-identity.ts';
import type { IntakePorts, Receipt, Request } from './order-intake.ts';
import { orderIdOf, placeOne } from './order-intake.ts';
import { resolveWorkflow } from './resolve-workflow.ts';

/**
 * An order whose input is the body itself, an image for instance: it is stored as an object, and the order's input says
 * where. What the order runs stands in the address.
 */
export async function placeBinary(
  request: ApiRequest,
  named: Pick<OrderRequest, 'workflow' | 'client' | 'orderId'>,
  { key, trace }: Pick<Request, 'key' | 'trace'>,
  ports: IntakePorts,
): Promise<Receipt> {
  const { body, mediaType: contentType } = request;
  if (!isBinary(contentType)) throw notTaken(request, TAKEN);
  if (body.length === 0) throw new Problem('INVALID_REQUEST', 'the body is empty');
  if (named.workflow === undefined && named.client === undefined) {
    const message = `client: an order whose body is ${contentType} names ?client= or ?workflow=`;
    throw new Problem('INVALID_REQUEST', [{ path: 'client', message }]);
  }
  const orderId = orderIdOf(named, key, 'orders');
  const workflow = await resolveWorkflow(named, createLookups(ports));
  const hash = createHash('sha256').update(body).digest('hex');
  const { orderId: _, client, ...rest } = named;
  // Another request under the same key must not replace what the order has: it is stored beside it, and refused then.
  const isRepeatable = key !== undefined || named.orderId !== undefined;
  const at = isRepeatable ? `/${hash.slice(0, 16)}` : '';
  const objectKey = `orders/${orderId}/input${at}`;
  const { bucket } = await ports.objects.put(objectKey, body, contentType);
  return placeOne(
    {
      type: 'OrderPlaced',
      at: ports.clock(),
      orderId,
      workflow,
      ...defined({ client, trace }),
      input: { bucket, key: objectKey, contentType, bytes: body.length },
      attributes: {},
      fingerprint: fingerprintOf(defined({ client, ...rest, contentType, hash })),
    },
    ports,
  );
}

const TAKEN = [
  'application/json',
  'application/x-ndjson',
  'text/csv',
  'image/*',
  'others as they are',
];

/** Any type that is one; what browsers and curl call a form is none that somebody meant. */
function isBinary(mediaType: string): boolean {
  if (mediaType === FORM || mediaType === 'multipart/form-data') return false;
  return /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/.test(mediaType);
}
