import type { Block } from './block.ts';

/** A function with a `baton:` block, read and named. */
export interface PluginFunction {
  /** The function's key in serverless.yml. */
  readonly key: string;
  /** The function's name in the account. */
  readonly functionName: string;
  /** How long a task may be in work, in seconds: the function's own timeout. In a container, as long as the attempt lasts. */
  readonly timeout: number;
  readonly block: Block;
  /** What its settings in serverless.yml ask of its role. */
  readonly settingsNeed: readonly object[];
}

/**
 * The beginning of the logical ids of a plugin's resources: `resize-low` is ResizeDashlow, as osls writes it. Two names never have the same:
 * a plugin with another name is another plugin, with a queue of its own beside the one that is worked off and goes.
 */
export function logicalIdOf({ block: { plugin } }: PluginFunction): string {
  const id = plugin.replaceAll('-', 'Dash').replaceAll('_', 'Underscore');
  const first = id.charAt(0);
  return first === first.toUpperCase() ? `Capital${id}` : first.toUpperCase() + id.slice(1);
}

/** The logical id that osls gives the mapping from the plugin's queue to its function (lib/plugins/aws/lib/naming.js). */
export function mappingIdOf(plugin: PluginFunction): string {
  const key = plugin.key.replaceAll('-', 'Dash').replaceAll('_', 'Underscore');
  const lambda = key.charAt(0).toUpperCase() + key.slice(1);
  return `${lambda}EventSourceMappingSQS${logicalIdOf(plugin)}Queue`;
}
