import type { PluginFact } from '../core/command.ts';

/** Publishes facts about plugins to the lifecycle topic's subscribers. Facts about orders are sent by the `Messenger`. */
export interface Lifecycle {
  publish(fact: PluginFact): Promise<void>;
}
