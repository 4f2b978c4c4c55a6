import type { Quarantine } from '../core/quarantine.ts';
import type { Quarantines } from '../ports/quarantines.ts';
import { createPluginRecords } from './plugin-records.ts';
import type { Table } from './table.ts';

/** The registry reads them, too. */
export const QUARANTINES = { partition: 'quarantines', attribute: 'quarantine' } as const;

export function createQuarantines(table: Table): Quarantines {
  return createPluginRecords<Quarantine>(table, QUARANTINES);
}
