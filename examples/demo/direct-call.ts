import { isDeepStrictEqual } from 'node:util';
import { json } from '../../src/cli/api.ts';
import type { OrderView } from '../../src/cli/responses.ts';
import type { Demonstration } from './demonstration.ts';

/** A short flow, called like a function: the call that places the order brings its result. */
export async function showDirectCall({ api, checks }: Demonstration): Promise<void> {
  checks.title('A direct call: the answer is the order, once it has ended');
  const order = json({ input: 5, todo: ['A', 'B'] });
  const { status, body } = await api.post<OrderView>('/orders?wait=20s', order);
  const shown = await api.get<OrderView>(`/orders/${body.orderId}`);
  checks.pass(
    `5 through A, then B, in one call: ${JSON.stringify(body.result)}`,
    checks.equal('the status of the answer', status, 200),
    checks.completed('the order', body),
    checks.equal('the result', body.result, 14),
    checks.equal('it is the order as it is shown', isDeepStrictEqual(body, shown), true),
  );
}
