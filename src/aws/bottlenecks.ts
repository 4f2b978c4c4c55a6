import type { Bottleneck } from '../core/scaling.ts';
import type { Bottlenecks } from '../ports/bottlenecks.ts';
import { createRecords } from './records.ts';
import type { Table } from './table.ts';

export function createBottlenecks(table: Table): Bottlenecks {
  return createRecords<Bottleneck>(table, {
    partition: 'bottlenecks',
    attribute: 'bottleneck',
    nameOf: ({ plugin }) => plugin,
  });
}
