import type { Plugin } from '../core/plugin.ts';

/** A plugin as a trial has it that is registered nowhere: with the defaults of one whose block says nothing. */
export function unregistered(name: string): Plugin {
  return {
    ...{ name, joins: [], history: false, compensates: false },
    ...{ timeoutSeconds: 300, totalSeconds: 86_400 },
    retry: { maxAttempts: 4, backoffSeconds: 2, maxBackoffSeconds: 300 },
    concurrency: { base: 2, ceiling: 2 },
    ...{ owner: 'trial', queueUrl: '', queueArn: '', registeredAt: 0 },
  };
}
