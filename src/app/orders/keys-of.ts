import { pluginKey } from '../../contract/task-token.ts';
import type { Secrets } from '../../ports/master-secret.ts';

/** The keys whose signatures a plugin's tokens may carry: two while the master secret is being replaced. */
export function keysOf({ current, other }: Secrets, plugin: string): readonly string[] {
  return [current, ...(other === undefined ? [] : [other])].map((secret) =>
    pluginKey(secret, plugin),
  );
}
