import type { Plugin } from '../messages.ts';

export type PluginAct = 'quarantine' | 'drain' | 'reopen';

/** A plugin that is held back or drains may be reopened, any other one held back or drained; one that is being removed is left alone. */
export function possiblePluginActs({
  quarantined,
  draining,
}: Pick<Plugin, 'quarantined' | 'draining'>): readonly PluginAct[] {
  if (quarantined?.phase === 'closed' || quarantined?.phase === 'draining') return ['reopen'];
  return draining ? [] : ['quarantine', 'drain'];
}
