import type { SQSBatchResponse } from 'aws-lambda';
import { createOutbox } from './answer-outbox.ts';
import type { LambdaEnd, PluginWork } from './perform-task.ts';
import { performTask } from './perform-task.ts';
import type { QueueRecord } from './queue-record.ts';
import type { Runtime } from './runtime.ts';
import { readTaskMessage } from './task-message.ts';

/** What is kept of the Lambda's time to send the answers in: two tries of the SQS client and its pause between them. */
const SENDING_MS = 1000;
/** What tasks get between their signal and the end, to stop in good order. */
const STOPPING_MS = 500;
/** Of a short timeout these two take no more than so much. */
const LARGEST_SHARE = 0.2;

/**
 * Performs the tasks of a batch at the same time and sends their answers. A record is reported as failed when it holds no
 * task, or when its answer could not be sent: SQS delivers it again, and at last puts it into the dead-letter queue.
 *
 * @param remainingMs milliseconds until the Lambda's timeout
 */
export async function performBatch<Input, Result>(
  work: PluginWork<Input, Result>,
  records: readonly QueueRecord[],
  remainingMs: number,
  runtime: Runtime,
): Promise<SQSBatchResponse> {
  const lambdaEnd = lambdaEndAfter(runtime.clock.now(), remainingMs);
  const outbox = createOutbox(runtime);
  const unreadable = new Set<string>();
  await Promise.all(
    records.map(async ({ messageId, body }) => {
      const received = readTaskMessage(body, runtime.plugin);
      if (typeof received === 'string') {
        const { log, plugin } = runtime;
        log({ level: 'error', message: 'no task message', plugin, messageId, reason: received });
        unreadable.add(messageId);
        return;
      }
      outbox.add(messageId, await performTask(work, received, lambdaEnd, runtime));
    }),
  );
  const unsent = await outbox.close();
  const failed = [...unreadable, ...unsent];
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

function lambdaEndAfter(now: number, remainingMs: number): LambdaEnd {
  const scale = Math.min(1, (remainingMs * LARGEST_SHARE) / (SENDING_MS + STOPPING_MS));
  const answerAt = now + remainingMs - SENDING_MS * scale;
  return { answerAt, signalAt: answerAt - STOPPING_MS * scale };
}
