import type { PluginFact } from '../core/command.ts';

/** Tells whoever subscribed to it what happened to a plugin. What happens to orders travels with the messenger. */
export interface Lifecycle {
  publish(fact: PluginFact): Promise<void>;
}
