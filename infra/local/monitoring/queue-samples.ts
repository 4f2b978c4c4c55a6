import {
  GetQueueAttributesCommand,
  type QueueAttributeName,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { QUEUE_SAMPLES_PATH, type QueueSample } from '../embedded/queue-sample.ts';

/** Samples of queues by their names. */
export type ReadQueues = () => Promise<Record<string, QueueSample>>;

/** All queues of the embedded SQS, in one call. */
export function embeddedQueues(endpoint: string): ReadQueues {
  return async () => {
    const response = await fetch(`${endpoint}${QUEUE_SAMPLES_PATH}`, {
      signal: AbortSignal.timeout(5000),
    });
    return (await response.json()) as Record<string, QueueSample>;
  };
}

const ATTRIBUTES: QueueAttributeName[] = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
];

/**
 * Queues of an SQS that we do not hold, by what their attributes offer. That says neither how old a message is nor how
 * many were deleted: the oldest is taken to have come when the queue was last seen empty, and deleted is what our own
 * mappings have deleted.
 */
export function foreignQueues(
  sqs: SQSClient,
  urls: () => Readonly<Record<string, string>>,
  deleted: (queueName: string) => number,
): ReadQueues {
  const busySince = new Map<string, number>();
  return async () => {
    const samples = await Promise.all(
      Object.entries(urls()).map(async ([name, QueueUrl]) => {
        const { Attributes = {} } = await sqs.send(
          new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ATTRIBUTES }),
        );
        const [visible, inFlight, delayed] = ATTRIBUTES.map((attribute) =>
          Number(Attributes[attribute] ?? 0),
        ) as [number, number, number];
        const now = Date.now();
        if (visible + inFlight === 0) busySince.delete(name);
        else if (!busySince.has(name)) busySince.set(name, now);
        const oldestSeconds = (now - (busySince.get(name) ?? now)) / 1000;
        return [
          name,
          { visible, inFlight, delayed, oldestSeconds, deleted: deleted(name) },
        ] as const;
      }),
    );
    return Object.fromEntries(samples);
  };
}
