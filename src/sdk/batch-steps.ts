import { receiveCountOf } from '../contract/redelivery.ts';
import { putOff } from './answer.ts';
import { createOutbox } from './answer-outbox.ts';
import type { Attempt } from './attempt.ts';
import { readAttempt } from './attempt.ts';
import type { Outcome, PluginWork, Turn } from './perform-task.ts';
import { performTask, tellsThatItBegins } from './perform-task.ts';
import type { QueueRecord } from './queue-record.ts';
import type { Runtime } from './runtime.ts';

/** The attempt that a record holds; of one that holds none, the log says why. */
export function attemptIn(record: QueueRecord, runtime: Runtime): Attempt | undefined {
  const attempt = readAttempt(record, runtime);
  if (typeof attempt !== 'string') return attempt;
  const { log, plugin } = runtime;
  const { messageId } = record;
  log({ level: 'error', message: 'no task message', plugin, messageId, reason: attempt });
  return undefined;
}

/** Performs attempts at the same time. An attempt whose answer could not be sent is put off. */
export async function performAll<Input, Result>(
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
export function mayHaveBegunBefore({ record, invitation }: Attempt): boolean {
  return invitation.heartbeatSeconds !== undefined || receiveCountOf(record) > 2;
}

/** Tells the core of the attempts that it takes for begun and that come again. If it cannot be told, it goes on to take them for begun. */
export async function tellPutOff(attempts: readonly Attempt[], runtime: Runtime): Promise<void> {
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

/** Hides a record for so many seconds. Never rejects: one that could not be hidden comes again after its visibility timeout. */
export async function delay(record: QueueRecord, seconds: number, runtime: Runtime): Promise<void> {
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
