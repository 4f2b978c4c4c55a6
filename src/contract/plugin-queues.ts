/** The plugin that a queue's name belongs to. */
export interface PluginQueue {
  readonly plugin: string;
  readonly isDeadLetterQueue: boolean;
}

const DEAD_LETTER_ENDING = '-dead';

/**
 * Reads the name of a plugin's queue, `<system>-<stage>-plugin-<name>`, or of its dead-letter queue, which ends in `-dead`
 * besides. `undefined` for any other queue.
 * @param prefix `<system>-<stage>`
 */
export function readPluginQueue(queueName: string, prefix: string): PluginQueue | undefined {
  const start = `${prefix}-plugin-`;
  if (!queueName.startsWith(start)) return undefined;
  const isDeadLetterQueue = queueName.endsWith(DEAD_LETTER_ENDING);
  const end = isDeadLetterQueue ? -DEAD_LETTER_ENDING.length : undefined;
  return { plugin: queueName.slice(start.length, end), isDeadLetterQueue };
}
