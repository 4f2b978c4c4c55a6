import { inRedeliveryOrder, isRedelivered, pauseSecondsAfter } from '../contract/redelivery.ts';
import type { Attempt } from './attempt.ts';
import {
  attemptIn,
  delay,
  mayHaveBegunBefore,
  performAll,
  takeOut,
  tellPutOff,
} from './batch-steps.ts';
import type { BatchOutcome } from './invocation.ts';
import { lambdaEndAfter } from './out-of-time.ts';
import { performInOrder } from './perform-in-order.ts';
import type { PluginWork, Turn } from './perform-task.ts';
import type { QueueRecord } from './queue-record.ts';
import type { Runtime } from './runtime.ts';

/**
 * Performs the tasks of a batch and sends their answers. The records of a batch share one process, and any of them may end it:
 * then all that are not deleted by then are delivered again. Therefore:
 *
 * 1. Records at their first delivery are performed at the same time.
 * 2. Redelivered records are suspects: one of them may have ended the process that held them before. They are performed one by
 *    one, in an order that turns round with each delivery, and each is answered and deleted before the next one begins. They come
 *    last, so that they take no first delivery along; an invocation of their own is nothing that a busy queue would give them.
 * 3. A redelivered record for which the rest of the function's time is too short is given back unbegun; one that was begun, and
 *    ran out of time because others had used it up, is given back too. Neither is answered, so neither loses an attempt. That
 *    one that was begun, now or at an earlier delivery, is no longer under way is told to the core, which would miss its heartbeats,
 *    or take it for dead in the end.
 * 4. A record that holds no task, or whose answer could not be sent, comes again after 1, 2, 4 … 60 s, by its receive count. What has
 *    come too often goes to the dead-letter queue.
 *
 * What an ordered plugin does with a batch stands in perform-in-order.ts.
 * @param remainingMs milliseconds until the function's timeout
 */
export async function performBatch<Input, Result>(
  work: PluginWork<Input, Result>,
  records: readonly QueueRecord[],
  remainingMs: number,
  runtime: Runtime,
): Promise<BatchOutcome> {
  if (runtime.ordered) return performInOrder(work, records, remainingMs, runtime);
  const { clock } = runtime;
  const lambdaEnd = lambdaEndAfter(clock.now(), remainingMs);
  const failed: QueueRecord[] = [];
  const comeAgain = async (record: QueueRecord, seconds: number) => {
    failed.push(record);
    await delay(record, seconds, runtime);
  };

  const { attempts, unreadable } = readAttempts(records, runtime);
  await Promise.all(unreadable.map((record) => comeAgain(record, pauseSecondsAfter(record))));
  const first = attempts.filter(({ record }) => !isRedelivered(record));
  const suspects = inRedeliveryOrder(attempts.filter(({ record }) => isRedelivered(record)));

  /** The time that the slowest has taken so far. */
  let longestMs = 0;
  const perform = async (batch: readonly Attempt[], turn: Turn, deleteWhenDone: boolean) => {
    const startedAt = clock.now();
    const outcomes = await performAll(work, batch, turn, runtime);
    longestMs = Math.max(longestMs, clock.now() - startedAt);
    await tellPutOff(
      outcomes.flatMap(([attempt, one]) => (one.status === 'putOff' && one.told ? [attempt] : [])),
      runtime,
    );
    await Promise.all(
      outcomes.map(async ([{ record }, { status }]) => {
        if (status === 'putOff') await comeAgain(record, pauseSecondsAfter(record));
        // What is left Lambda deletes itself when the batch is over.
        else if (deleteWhenDone) await takeOut(record, runtime);
      }),
    );
  };

  if (first.length > 0) {
    await perform(first, { lambdaEnd, cutShort: false }, suspects.length > 0);
  }
  for (const [n, suspect] of suspects.entries()) {
    const hasAllTime = n === 0 && first.length === 0;
    if (!hasAllTime && lambdaEnd.signalAt - clock.now() <= longestMs) {
      // A second apart, so that each finds an invocation for itself; and later each time, while there is none.
      const unbegun = suspects.slice(n);
      await tellPutOff(unbegun.filter(mayHaveBegunBefore), runtime);
      await Promise.all(
        unbegun.map(({ record }, place) => comeAgain(record, pauseSecondsAfter(record) + place)),
      );
      break;
    }
    await perform([suspect], { lambdaEnd, cutShort: !hasAllTime }, n + 1 < suspects.length);
  }
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

function readAttempts(records: readonly QueueRecord[], runtime: Runtime) {
  const attempts: Attempt[] = [];
  const unreadable: QueueRecord[] = [];
  for (const record of records) {
    const attempt = attemptIn(record, runtime);
    if (attempt === undefined) unreadable.push(record);
    else attempts.push(attempt);
  }
  return { attempts, unreadable };
}
