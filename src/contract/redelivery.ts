import { createHash } from 'node:crypto';

/** What SQS says of a message each time it delivers it. */
export interface Delivered {
  readonly messageId: string;
  readonly attributes: { readonly ApproximateReceiveCount: string };
}

/** A record that keeps failing is not tried more often than once a minute. */
const LONGEST_PAUSE_SECONDS = 60;

/** How often SQS has delivered the message, this time included: 1 at its first delivery. */
export function receiveCountOf({ attributes }: Pick<Delivered, 'attributes'>): number {
  return Number(attributes.ApproximateReceiveCount) || 1;
}

/**
 * A message that was received more often is left out of the age of its queue's oldest: one that keeps failing makes the queue look young.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export const RECEIVES_COUNTED_AS_AGE = 3;

/** Whether the message was delivered before: whoever had it then has died, timed out, or given it back. */
export function isRedelivered(record: Pick<Delivered, 'attributes'>): boolean {
  return receiveCountOf(record) >= 2;
}

/** Seconds after which a record that failed is delivered again: 1, 2, 4 … 60, by its receive count. */
export function pauseSecondsAfter(record: Pick<Delivered, 'attributes'>): number {
  return Math.min(LONGEST_PAUSE_SECONDS, 2 ** (receiveCountOf(record) - 1));
}

/**
 * The order in which redelivered records are handled one by one. One of them may have ended the process that held them all,
 * and may do so again: what stands before it is done by then, what stands behind it comes again. So the order turns round with
 * each delivery: of any two records, each stands before the other once in two deliveries, and a single deadly record
 * holds up no other for longer. Every two deliveries the records are shuffled, for batches that hold several deadly ones.
 */
export function inRedeliveryOrder<T extends { readonly record: Delivered }>(
  deliveries: readonly T[],
): T[] {
  return deliveries
    .map((delivery) => ({ delivery, place: placeOf(delivery.record) }))
    .sort((one, other) => one.place - other.place)
    .map(({ delivery }) => delivery);
}

/** Between 0 and 1: the same on every machine, since it depends on the message and its receive count alone. */
function placeOf(record: Delivered): number {
  const count = receiveCountOf(record);
  const pair = Math.floor(count / 2);
  const hash = createHash('sha256').update(`${record.messageId} ${pair}`).digest();
  const place = hash.readUInt32BE() / 2 ** 32;
  return count % 2 === 0 ? place : 1 - place;
}
