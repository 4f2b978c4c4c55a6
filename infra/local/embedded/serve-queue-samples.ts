/** What CloudWatch knows of queues and SQS does not tell: how old the oldest message is, how many were deleted. */
import type { FastifyInstance } from 'fastify';
import { RECEIVES_COUNTED_AS_AGE } from '../../../src/contract/redelivery.ts';
import { type Queue, type QueueStore, SqsQueue } from './fauxqs-internals.ts';
import { QUEUE_SAMPLES_PATH, type QueueSample } from './queue-sample.ts';

const deletions = new WeakMap<Queue, number>();

const deleteMessage = SqsQueue.prototype.deleteMessage;
SqsQueue.prototype.deleteMessage = function (receiptHandle) {
  const deleted = deleteMessage.call(this, receiptHandle);
  if (deleted) deletions.set(this, (deletions.get(this) ?? 0) + 1);
  return deleted;
};

export function serveQueueSamples(server: FastifyInstance, { queues }: QueueStore): void {
  server.get(QUEUE_SAMPLES_PATH, async () =>
    Object.fromEntries([...queues.values()].map((queue) => [queue.name, sample(queue)])),
  );
}

function sample(queue: Queue): QueueSample {
  const count = (name: string) => Number(queue.getAttribute(`ApproximateNumberOfMessages${name}`));
  return {
    visible: count(''),
    inFlight: count('NotVisible'),
    delayed: count('Delayed'),
    oldestSeconds: oldestSeconds(queue, Date.now()),
    deleted: deletions.get(queue) ?? 0,
  };
}

function oldestSeconds(queue: Queue, now: number): number {
  const inFlight = [...queue.inflightMessages.values()].map(({ message }) => message);
  let oldest = now;
  for (const messages of [queue.messages, inFlight, ...queue.fifoMessages.values()])
    for (const { approximateReceiveCount, sentTimestamp, delayUntil = 0 } of messages)
      if (approximateReceiveCount <= RECEIVES_COUNTED_AS_AGE)
        oldest = Math.min(oldest, Math.max(sentTimestamp, delayUntil));
  return (now - oldest) / 1000;
}
