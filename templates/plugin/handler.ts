import { definePlugin, PermanentError } from 'batonflow/sdk';

/** What the plugin before this one returned, or what the order came with. */
export interface Guest {
  readonly name: string;
}

/** Greets a guest. The result is the next plugin's input. */
export const pluginName = definePlugin((guest: Guest, task) => {
  // Another attempt would not help.
  if (typeof guest?.name !== 'string') throw new PermanentError('NO_NAME', 'the input has no name');
  task.log.info('greeted');
  return { greeting: `Hello, ${guest.name}!` };
});
