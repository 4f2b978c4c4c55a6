import type { JsonObject } from '../core/json.ts';
import type { InputSchemas } from '../ports/input-schemas.ts';
import { LATEST_DELIVERY_MS } from '../ports/registry.ts';
import type { Condition, Table } from './table.ts';

const PARTITION = 'input-schemas';

const isNotOlder = (sentAt: number): Condition => ({
  expression: 'attribute_not_exists(pk) OR sentAt <= :sentAt',
  values: { sentAt },
});

/** `pk = input-schemas`, `sk = <plugin>`, `schema`: JSON, `sentAt`. That there is none is known for as long as an older request may come. */
export function createInputSchemas(table: Table): InputSchemas {
  return {
    async put(plugin, schema, sentAt) {
      const declared =
        schema === undefined
          ? { expiresAt: Math.ceil((sentAt + LATEST_DELIVERY_MS) / 1000) }
          : { schema: JSON.stringify(schema) };
      await table.put({ pk: PARTITION, sk: plugin, sentAt, ...declared }, isNotOlder(sentAt));
    },

    async all() {
      const schemas = new Map<string, JsonObject>();
      for await (const page of table.pages({ partition: ['pk', PARTITION], consistent: true })) {
        for (const { sk, schema } of page) {
          if (schema !== undefined) schemas.set(String(sk), JSON.parse(String(schema)));
        }
      }
      return schemas;
    },
  };
}
