import type { JsonObject } from '../../../src/core/json.ts';
import type { InputSchemas } from '../../../src/ports/input-schemas.ts';

export function createMemoryInputSchemas(): InputSchemas {
  const declared = new Map<string, { schema: JsonObject | undefined; sentAt: number }>();
  return {
    async put(plugin, schema, sentAt) {
      const { sentAt: known = 0 } = declared.get(plugin) ?? {};
      if (sentAt >= known) declared.set(plugin, { schema, sentAt });
    },
    all: async () =>
      new Map([...declared].flatMap(([name, { schema }]) => (schema ? [[name, schema]] : []))),
  };
}
