import type { Instant } from '../core/json.ts';
import type { Plugin } from '../core/plugin.ts';

/** How far plugins are behind with their queues. */
export interface Backlogs {
  /**
   * By the plugin's name: when the oldest message that waits in its queue was sent, as far as is known. A plugin whose queue holds no waiting
   * message is left out; where messages wait and nobody knows their age, the answer is 0.
   */
  oldest(plugins: readonly Plugin[]): Promise<ReadonlyMap<string, Instant>>;
}
