import { closed, DEFAULT_RULE, reopened } from '../../src/core/quarantine.ts';
import type { Quarantines } from '../../src/ports/quarantines.ts';
import { T0 } from './entries.ts';
import { recordsContract } from './records.contract.ts';
import type { OpenStore } from './store.ts';

export function quarantinesContract(open: OpenStore<Quarantines>): void {
  recordsContract('quarantines', open, (plugin, number) =>
    number === 1
      ? reopened(plugin, 'a canary worked', 10, T0)
      : closed(plugin, `it fails, ${number}`, DEFAULT_RULE, T0),
  );
}
