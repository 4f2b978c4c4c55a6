import type { FunctionDefinition } from './function-definition.ts';

/**
 * What to say of a plugin's function that returned `response` for tasks, where definePlugin cannot have been at work: SQS counts the tasks
 * as done, and the order waits until they have timed out.
 */
export function unansweredTasks(
  { environment }: Pick<FunctionDefinition, 'environment'>,
  event: unknown,
  response: unknown,
): string | undefined {
  const { BATON_PLUGIN: plugin, BATON_QUEUE_URL: queueUrl = '' } = environment;
  if (plugin === undefined || !isFromQueue(event, queueUrl)) return undefined;
  if (Array.isArray((response as { batchItemFailures?: unknown } | null)?.batchItemFailures))
    return undefined;
  return `returned without batchItemFailures: its tasks are gone from the queue, and nobody has answered them. The export must be what definePlugin() of batonflow/sdk makes; a wrapper around it returns what it returned`;
}

function isFromQueue(event: unknown, queueUrl: string): boolean {
  const { Records } = (event ?? {}) as { Records?: unknown };
  const [first] = Array.isArray(Records) ? Records : [];
  const queue = queueUrl.split('/').at(-1);
  return queue !== '' && String(first?.eventSourceARN).split(':').at(-1) === queue;
}
