import type { Demonstration } from './demonstration.ts';
import { performOrder } from './demonstration.ts';

/** More than a queue takes (1 MiB) and than an item of the table holds (400 KB). */
const DOCUMENTS = 'passport, visa, insurance. '.repeat(50_000);

/** An order whose input, messages and results lie in the bucket, which no plugin notices. */
export async function showLargePayloads({ api, checks }: Demonstration): Promise<void> {
  checks.title('Large payloads: a trip with 1.3 MB of documents');
  const input = { to: 'Oslo', price: 400, documents: DOCUMENTS };
  const trip = await performOrder(api, { workflow: 'trip', input });
  const { documents, charge } = (trip.result ?? {}) as { documents?: string; charge?: string };
  checks.pass(
    'each plugin got all of it, and handed it on',
    checks.completed('the large trip', trip),
    checks.equal('the large trip: its charge', charge, `${trip.orderId}/card`),
    checks.equal('the large trip: its documents', documents === DOCUMENTS, true),
  );
}
