import { pluginDefinitionSchema, toPluginDefinition } from '../contract/plugin-definition.ts';
import type { Plugin } from '../core/plugin.ts';

/** A plugin that is registered nowhere, as one whose block says nothing. */
export function unregistered(name: string): Plugin {
  return {
    ...toPluginDefinition(pluginDefinitionSchema.parse({ name })),
    ...{ owner: 'trial', queueUrl: '', queueArn: '', registeredAt: 0 },
  };
}
