import type { Bottleneck } from '../core/scaling.ts';
import type { Bottlenecks, RecordedBottleneck } from '../ports/bottlenecks.ts';
import type { Condition, Item, Table } from './table.ts';
import { IS_NEW } from './table.ts';

const PARTITION = 'bottlenecks';

/** `pk = bottlenecks`, `sk = <plugin>`. */
export function createBottlenecks(table: Table): Bottlenecks {
  return {
    async list() {
      const bottlenecks: RecordedBottleneck[] = [];
      const query = { partition: ['pk', PARTITION] as const, consistent: true };
      for await (const page of table.pages(query)) bottlenecks.push(...page.map(bottleneckOf));
      return bottlenecks;
    },

    async get(plugin) {
      const item = await table.get({ pk: PARTITION, sk: plugin });
      return item && bottleneckOf(item);
    },

    async put(bottleneck, read) {
      const item = {
        ...{ pk: PARTITION, sk: bottleneck.plugin, version: (read?.version ?? 0) + 1 },
        bottleneck: JSON.stringify({ ...bottleneck, version: undefined }),
      };
      return (await table.put(item, read === undefined ? IS_NEW : isStill(read))).done;
    },

    async remove(read) {
      return (await table.delete({ pk: PARTITION, sk: read.plugin }, isStill(read))).done;
    },
  };
}

function isStill({ version }: RecordedBottleneck): Condition {
  return { expression: 'version = :version', values: { version } };
}

function bottleneckOf({ bottleneck, version }: Item): RecordedBottleneck {
  return { ...(JSON.parse(String(bottleneck)) as Bottleneck), version: Number(version) };
}
