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
  const { plugin, key } = runtime;
  const received = readTaskMessage(record.body, plugin);
  if (typeof received === 'string') return received;
  const { message, invitation } = received;
  const { orderId } = message;
  const { taskId, job, attempt } = invitation;
  const token = signToken({ orderId, taskId, attempt, plugin }, key);
  const log = taskLog({ plugin, orderId, taskId, job, attempt }, runtime.log);
  return { record, message, invitation, token, log };
}
