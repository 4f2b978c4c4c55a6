import type { Bottleneck } from '../core/scaling.ts';
import type { Bottlenecks } from '../ports/bottlenecks.ts';
import { createPluginRecords } from './plugin-records.ts';
import type { Table } from './table.ts';

export function createBottlenecks(table: Table): Bottlenecks {
  return createPluginRecords<Bottleneck>(table, {
    partition: 'bottlenecks',
    attribute: 'bottleneck',
  });
}
