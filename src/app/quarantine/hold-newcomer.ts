import type { Plugin } from '../../core/plugin.ts';
import { beginning } from '../../core/quarantine.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Quarantines } from '../../ports/quarantines.ts';

/**
 * Holds back a plugin that is about to be registered for the first time, if it says that it begins with a canary. Should an earlier life of
 * the plugin have left a quarantine, this one takes its place; whoever changes it at this moment knows better.
 */
export async function holdNewcomer(
  { name, quarantine }: Pick<Plugin, 'name' | 'quarantine'>,
  {
    quarantines,
    clock,
  }: { readonly quarantines: Pick<Quarantines, 'get' | 'put'>; readonly clock: Clock },
): Promise<void> {
  if (quarantine === false || !quarantine?.beginsWithCanary) return;
  await quarantines.put(beginning(name, clock()), await quarantines.get(name));
}
