import type { Quarantine } from '../core/quarantine.ts';
import type { Quarantines } from '../ports/quarantines.ts';
import { createRecords } from './records.ts';
import type { Table } from './table.ts';

/** The registry reads them, too. */
export const QUARANTINES = { partition: 'quarantines', attribute: 'quarantine' } as const;

export function createQuarantines(table: Table): Quarantines {
  return createRecords<Quarantine>(table, { ...QUARANTINES, nameOf: ({ plugin }) => plugin });
}
