import type { Quarantine } from '../core/quarantine.ts';
import type { Quarantines, RecordedQuarantine } from '../ports/quarantines.ts';
import type { Condition, Item, Table } from './table.ts';
import { IS_NEW } from './table.ts';

export const QUARANTINES = 'quarantines';

/** `pk = quarantines`, `sk = <plugin>`, `quarantine`: JSON, `version`. */
export function createQuarantines(table: Table): Quarantines {
  return {
    async list() {
      const quarantines: RecordedQuarantine[] = [];
      const query = { partition: ['pk', QUARANTINES] as const, consistent: true };
      for await (const page of table.pages(query)) quarantines.push(...page.map(quarantineOf));
      return quarantines;
    },

    async get(plugin) {
      const item = await table.get({ pk: QUARANTINES, sk: plugin });
      return item && quarantineOf(item);
    },

    async put(quarantine, read) {
      const item = {
        ...{ pk: QUARANTINES, sk: quarantine.plugin, version: (read?.version ?? 0) + 1 },
        quarantine: JSON.stringify({ ...quarantine, version: undefined }),
      };
      return (await table.put(item, read === undefined ? IS_NEW : isStill(read))).done;
    },

    async remove(read) {
      return (await table.delete({ pk: QUARANTINES, sk: read.plugin }, isStill(read))).done;
    },
  };
}

function isStill({ version }: { readonly version: number }): Condition {
  return { expression: 'version = :version', values: { version } };
}

export function quarantineOf({ quarantine, version }: Item): RecordedQuarantine {
  return { ...(JSON.parse(String(quarantine)) as Quarantine), version: Number(version) };
}
