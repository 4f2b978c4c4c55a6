import type { Block } from './block.ts';

/** A function with a `baton:` block, read and named. */
export interface PluginFunction {
  /** The function's key in serverless.yml. */
  readonly key: string;
  /** The function's name in the account. */
  readonly functionName: string;
  /** The function's own timeout in seconds. */
  readonly timeout: number;
  readonly block: Block;
}

/** The beginning of the logical ids of a plugin's resources: `resize-low` is ResizeLow. */
export function logicalIdOf({ block }: PluginFunction): string {
  return block.plugin
    .split(/[-_]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

/** The logical id that osls gives the mapping from the plugin's queue to its function (lib/plugins/aws/lib/naming.js). */
export function mappingIdOf(plugin: PluginFunction): string {
  const key = plugin.key.replaceAll('-', 'Dash').replaceAll('_', 'Underscore');
  const lambda = key.charAt(0).toUpperCase() + key.slice(1);
  return `${lambda}EventSourceMappingSQS${logicalIdOf(plugin)}Queue`;
}
