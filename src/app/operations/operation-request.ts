import type * as z from 'zod';
import type { operationRequestSchema } from '../../contract/operation-request.ts';
import { defined } from '../../core/defined.ts';
import type { OperationAct } from '../../ports/operations.ts';
import type { OrderFilter } from '../../ports/order-list.ts';
import { filterOf } from '../orders/filter-of-request.ts';

export type OperationRequest = z.output<typeof operationRequestSchema>;

/** What the request asks of each order. */
export function actIn(request: OperationRequest): OperationAct {
  switch (request.action) {
    case 'cancel':
      return request.undo === false ? { action: 'cancel', undo: false } : { action: 'cancel' };
    case 'pause':
    case 'resume':
      return { action: request.action };
    case 'retry':
      return { action: 'retry', ...defined({ version: request.version }) };
    case 'skip':
      return { action: 'skip', task: request.task, ...defined({ result: request.result }) };
  }
}

export function filterIn({ filter }: OperationRequest): OrderFilter {
  return defined(filterOf(filter)) as OrderFilter;
}
