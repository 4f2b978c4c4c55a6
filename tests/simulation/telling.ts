import type { OrchestratorMessage, TaskAnswer, TaskMessage } from '../../src/contract/messages.ts';
import type { JournalEntry } from '../../src/core/journal-entry.ts';
import type { StageTask } from '../../src/core/task.ts';
import type { OperationMessage } from '../../src/ports/operations.ts';

/** What the trace calls a queue. */
export const shortName = (queue: string): string =>
  queue.replace(/^.*?-.*?-/, '').replace('plugin-', '');

/** What a message is about, in a few words. */
export function contentOf(body: string): string {
  const message = JSON.parse(body) as OrchestratorMessage | TaskMessage | OperationMessage;
  if ('answers' in message) {
    return (message.answers as readonly TaskAnswer[])
      .map(({ type, token }) => `${type} ${token.split('.').slice(0, 4).join('/')}`)
      .join(', ');
  }
  if ('invited' in message) {
    const tasks = Object.values(message.invited).map(({ job, attempt }) => `${job}·${attempt}`);
    return `${message.orderId} ${tasks.join(' ')}`;
  }
  if ('operationId' in message) return `page ${message.page} of ${message.operationId}`;
  if ('orderId' in message) return `${message.orderId} ${message.type}`;
  return message.type === 'PluginDue' ? `${message.plugin} PluginDue` : message.type;
}

/** What an entry took, and what became of the order. */
export function contentOfEntry(entry: JournalEntry): string {
  const { orderId, number, events, state, calledOffTasks = [] } = entry;
  const took = events.map((event) =>
    'taskId' in event ? `${event.type} ${event.taskId}·${event.attempt}` : event.type,
  );
  const tasks = 'stage' in state ? (state.stage?.tasks ?? []).map(taskIn) : [];
  const off = calledOffTasks.map(({ taskId }) => ` without ${taskId}`).join('');
  return `${orderId} ${number}: ${took.join(', ')} ⇒ ${state.status} ${tasks.join(' ')}${off}`;
}

function taskIn(task: StageTask): string {
  return 'taskId' in task
    ? `${task.job}(${task.taskId})·${task.attempt}:${task.status}`
    : task.status;
}
