import type { Invitation, StoredTaskMessage, TaskMessage } from '../contract/messages.ts';
import { signToken } from '../contract/task-token.ts';
import type { TaskLog } from './log.ts';
import { taskLog } from './log.ts';
import type { QueueRecord } from './queue-record.ts';
import type { Runtime } from './runtime.ts';
import { readTaskMessage } from './task-message.ts';

/** One attempt of a task, as this plugin received it. */
export interface Attempt {
  readonly record: QueueRecord;
  readonly message: TaskMessage | StoredTaskMessage;
  readonly invitation: Invitation;
  /** Proves that an answer is this plugin's. */
  readonly token: string;
  /** Its lines carry the ids of the task. */
  readonly log: TaskLog;
}

/** The attempt that a record holds, or the reason why it holds none. */
export function readAttempt(record: QueueRecord, runtime: Runtime): Attempt | string {
  const received = readTaskMessage(record.body, runtime.plugin);
  return typeof received === 'string' ? received : signed({ record, ...received }, runtime);
}

/** The attempt that the core has sent in the place of this one: the same task, under another number, until another deadline. */
export function inPlaceOf(
  { record, message, invitation }: Attempt,
  instead: Pick<Invitation, 'attempt' | 'deadlineAt'>,
  runtime: Runtime,
): Attempt {
  return signed({ record, message, invitation: { ...invitation, ...instead } }, runtime);
}

function signed(
  received: Pick<Attempt, 'record' | 'message' | 'invitation'>,
  { plugin, key, log }: Runtime,
): Attempt {
  const { orderId } = received.message;
  const { taskId, job, attempt } = received.invitation;
  return {
    ...received,
    token: signToken({ orderId, taskId, attempt, plugin }, key),
    log: taskLog({ plugin, orderId, taskId, job, attempt }, log),
  };
}
