import {
  inRedeliveryOrder,
  isRedelivered,
  pauseSecondsAfter,
  receiveCountOf,
} from '../contract/redelivery.ts';
import { putOff } from './answer.ts';
import { createOutbox } from './answer-outbox.ts';
import type { Attempt } from './attempt.ts';
import { readAttempt } from './attempt.ts';
import type { BatchOutcome } from './invocation.ts';
import { lambdaEndAfter } from './out-of-time.ts';
import type { Outcome, PluginWork, Turn } from './perform-task.ts';
import { performTask, tellsThatItBegins } from './perform-task.ts';
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
 * @param remainingMs milliseconds until the function's timeout
 */
export async function performBatch<Input, Result>(
  work: PluginWork<Input, Result>,
  records: readonly QueueRecord[],
  remainingMs: number,
  runtime: Runtime,
): Promise<BatchOutcome> {
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
    const attempt = readAttempt(record, runtime);
    if (typeof attempt !== 'string') {
      attempts.push(attempt);
      continue;
    }
    const { log, plugin } = runtime;
    const { messageId } = record;
    log({ level: 'error', message: 'no task message', plugin, messageId, reason: attempt });
    unreadable.push(record);
  }
  return { attempts, unreadable };
}

/** Performs attempts at the same time. An attempt whose answer could not be sent is put off. */
async function performAll<Input, Result>(
  work: PluginWork<Input, Result>,
  attempts: readonly Attempt[],
  turn: Turn,
  runtime: Runtime,
): Promise<(readonly [Attempt, Outcome])[]> {
  const outbox = createOutbox(runtime);
  const outcomes = await Promise.all(
    attempts.map(async (attempt) => {
      const outcome = await performTask(work, attempt, turn, runtime);
      if (outcome.status === 'answered') {
        outbox.add(attempt.record.messageId, outcome.answer, outcome.storedBytes);
      }
      return [attempt, outcome] as const;
    }),
  );
  const unsent = await outbox.close();
  return outcomes.map(([attempt, outcome]) => [
    attempt,
    unsent.has(attempt.record.messageId)
      ? { status: 'putOff', told: tellsThatItBegins(attempt) }
      : outcome,
  ]);
}

/** Whether the core may have been told that the attempt began, when its message was delivered before. */
function mayHaveBegunBefore({ record, invitation }: Attempt): boolean {
  return invitation.heartbeatSeconds !== undefined || receiveCountOf(record) > 2;
}

/** Tells the core of the attempts that it takes for begun and that come again. If it cannot be told, it goes on to take them for begun. */
async function tellPutOff(attempts: readonly Attempt[], runtime: Runtime): Promise<void> {
  const answers = attempts.map(({ token }) => putOff(token));
  if (answers.length === 0) return;
  try {
    await runtime.send(JSON.stringify({ answers }));
  } catch (error) {
    const { log, plugin } = runtime;
    const message = 'tasks that are put off count as begun';
    log({ level: 'warn', message, plugin, answers: answers.length, reason: String(error) });
  }
}

async function delay(record: QueueRecord, seconds: number, runtime: Runtime): Promise<void> {
  try {
    await runtime.delayRecord(record, seconds);
  } catch (error) {
    warn('a record comes again late', record, error, runtime);
  }
}

/** Deletes a record that is done. Never rejects: one that could not be deleted comes again, and is answered again. */
export async function takeOut(record: QueueRecord, runtime: Runtime): Promise<void> {
  try {
    await runtime.deleteRecord(record);
  } catch (error) {
    warn('a record that is done could not be deleted yet', record, error, runtime);
  }
}

function warn(message: string, { messageId }: QueueRecord, error: unknown, runtime: Runtime): void {
  const { log, plugin } = runtime;
  log({ level: 'warn', message, plugin, messageId, reason: String(error) });
}
