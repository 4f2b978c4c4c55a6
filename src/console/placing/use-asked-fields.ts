import type { Plugin, Workflow } from '../messages.ts';
import { api } from '../reading/api.ts';
import { usePolled } from '../reading/use-polled.ts';
import type { Draft } from './draft.ts';
import { firstOfTodo, firstOfWorkflow } from './first-plugins.ts';
import { type Field, fieldsOf } from './schema-fields.ts';
import { readTodo } from './todo-text.ts';

/** What the order's input looks like, as the plugin says that gets it. */
export interface AskedFields {
  readonly plugin: string;
  readonly fields: readonly Field[];
}

/** Undefined where nobody says it, or the caller may not know. */
export function useAskedFields(
  draft: Draft,
  workflows: readonly Workflow[],
): AskedFields | undefined {
  const plugins = usePolled('plugins', api.plugins, () => true);
  for (const name of firstPlugins(draft, workflows)) {
    const fields = fieldsSaidBy(plugins.value?.plugins.find((plugin) => plugin.name === name));
    if (fields !== undefined) return { plugin: name, fields };
  }
  return undefined;
}

function firstPlugins({ kind, workflow, todo }: Draft, workflows: readonly Workflow[]) {
  switch (kind) {
    case 'contract':
      return [];
    case 'workflow': {
      const chosen = workflows.find(({ name }) => name === workflow);
      return chosen === undefined ? [] : firstOfWorkflow(chosen);
    }
    case 'todo':
      return firstOfTodo(readTodo(todo) ?? []);
  }
}

function fieldsSaidBy(plugin: Plugin | undefined): readonly Field[] | undefined {
  return plugin?.inputSchema === undefined ? undefined : fieldsOf(plugin.inputSchema);
}
