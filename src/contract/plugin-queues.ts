/** The plugin that a queue's name belongs to. */
export interface PluginQueue {
  readonly plugin: string;
  readonly isDeadLetterQueue: boolean;
}

const DEAD_LETTER_ENDING = '-dead';

/** How the name of every FIFO queue ends: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fifo-queues.html */
const FIFO_ENDING = '.fifo';

/** Whether a queue keeps its messages in order, by its name, its URL or its ARN. */
export function isFifo(queue: string): boolean {
  return queue.endsWith(FIFO_ENDING);
}

/** The name of a plugin's queue. @param prefix `<system>-<stage>` */
export function pluginQueueName(
  { name, ordered }: { readonly name: string; readonly ordered?: string | undefined },
  prefix: string,
  ending: '' | typeof DEAD_LETTER_ENDING = '',
): string {
  return `${prefix}-plugin-${name}${ending}${ordered === undefined ? '' : FIFO_ENDING}`;
}

/**
 * Reads the name of a plugin's queue, `<system>-<stage>-plugin-<name>`, or of its dead-letter queue, which ends in `-dead`
 * besides; those of an ordered plugin end in `.fifo`. `undefined` for any other queue.
 * @param prefix `<system>-<stage>`
 */
export function readPluginQueue(queueName: string, prefix: string): PluginQueue | undefined {
  const start = `${prefix}-plugin-`;
  if (!queueName.startsWith(start)) return undefined;
  const name = isFifo(queueName) ? queueName.slice(0, -FIFO_ENDING.length) : queueName;
  const isDeadLetterQueue = name.endsWith(DEAD_LETTER_ENDING);
  const end = isDeadLetterQueue ? -DEAD_LETTER_ENDING.length : undefined;
  return { plugin: name.slice(start.length, end), isDeadLetterQueue };
}
