import type { QueueGauge } from '../../ports/queue-gauges.ts';

/** Messages that wait for an instance, those that are delayed included. */
export function queuedIn(queue: QueueGauge | undefined): number {
  return queue === undefined ? 0 : queue.visible + queue.delayed;
}

/** False for a queue that could not be measured. */
export function isEmpty(queue: QueueGauge | undefined): boolean {
  return queue !== undefined && queuedIn(queue) + queue.inFlight === 0;
}
