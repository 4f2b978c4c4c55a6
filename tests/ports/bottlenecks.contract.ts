import type { Bottleneck } from '../../src/core/scaling.ts';
import type { Bottlenecks } from '../../src/ports/bottlenecks.ts';
import { T0 } from './entries.ts';
import { recordsContract } from './records.contract.ts';
import type { OpenStore } from './store.ts';

export function bottleneck(plugin: string, more: Partial<Bottleneck> = {}): Bottleneck {
  return {
    ...{ plugin, alarms: [`baton-test-plugin-${plugin}-depth`], since: T0 },
    ...{ cause: 'atCap', timeToDrainSeconds: null, maximumConcurrency: 4 },
    ...more,
  };
}

/** Without a time to drain, and with one. */
export function bottlenecksContract(open: OpenStore<Bottlenecks>): void {
  recordsContract('bottlenecks', open, (plugin, number) =>
    bottleneck(plugin, number === 0 ? {} : { timeToDrainSeconds: 90 * number }),
  );
}
