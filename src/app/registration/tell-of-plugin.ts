import type { PluginFact } from '../../core/command.ts';
import type { Lifecycle } from '../../ports/lifecycle.ts';
import { logger } from '../logger.ts';

type OfLife = Extract<
  PluginFact,
  { readonly type: 'plugin.registered' | 'plugin.draining' | 'plugin.removed' }
>;

/** A fact that cannot be published takes nothing back: its stack waits for an answer about what has been stored already. */
export async function tellOfPlugin(fact: OfLife, lifecycle: Lifecycle): Promise<void> {
  try {
    await lifecycle.publish(fact);
  } catch (error) {
    logger.error('a fact was not published', { type: fact.type, error: error as Error });
  }
}
