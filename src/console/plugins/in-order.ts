import type { PluginStatus } from '../messages.ts';

const FIRST: Readonly<Record<PluginStatus['health'], number>> = {
  ...{ bottleneck: 0, quarantined: 1, draining: 1, ok: 2, switchedOff: 2 },
};

/** Those in trouble first, then the longest queue, then by name. */
export function inOrder(plugins: readonly PluginStatus[]): readonly PluginStatus[] {
  return plugins.toSorted(
    (a, b) =>
      FIRST[a.health] - FIRST[b.health] ||
      (b.queued ?? 0) - (a.queued ?? 0) ||
      (a.name < b.name ? -1 : 1),
  );
}
