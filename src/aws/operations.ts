import type { Operation, Operations } from '../ports/operations.ts';
import type { Item, Table } from './table.ts';
import { asRead, IS_NEW } from './table.ts';

const PARTITION = 'operations';

const DAY_SECONDS = 86_400;

/** `pk = operations`, `sk = <operation>`, `operation`: as JSON, `version`: how often it has been changed. */
export function createOperations(
  table: Table,
  { retentionDays }: { readonly retentionDays: number },
): Operations {
  const read = (operationId: string) => table.get({ pk: PARTITION, sk: operationId });

  const itemOf = (operation: Operation, version: number) => ({
    ...{ pk: PARTITION, sk: operation.operationId, version },
    operation: JSON.stringify(operation),
    expiresAt: Math.floor(operation.askedAt / 1000) + retentionDays * DAY_SECONDS,
  });

  return {
    async get(operationId) {
      const item = await read(operationId);
      return item && operationOf(item);
    },

    async add(operation) {
      return (await table.put(itemOf(operation, 1), IS_NEW)).done;
    },

    async change(operationId, change) {
      for (;;) {
        const item = await read(operationId);
        if (item === undefined) return undefined;
        const before = operationOf(item);
        const after = change(before);
        if (after === undefined) return before;
        const version = Number(item.version);
        if ((await table.put(itemOf(after, version + 1), asRead({ version }))).done) return after;
      }
    },

    async list() {
      const operations: Operation[] = [];
      for await (const page of table.pages({ partition: ['pk', PARTITION], consistent: true })) {
        operations.push(...page.map(operationOf));
      }
      return operations;
    },
  };
}

function operationOf({ operation }: Item): Operation {
  return JSON.parse(String(operation)) as Operation;
}
