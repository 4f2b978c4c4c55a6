import type { Bottleneck } from '../core/scaling.ts';
import type { Condition, Item, Table } from './table.ts';
import { IS_NEW } from './table.ts';

const PARTITION = 'bottlenecks';

/** A bottleneck as it was read: `version` is what a write depends on. */
export interface RecordedBottleneck extends Bottleneck {
  readonly version: number;
}

/** The plugins that are behind, or whose concurrency is not yet back where it began. */
export interface Bottlenecks {
  list(): Promise<readonly RecordedBottleneck[]>;
  get(plugin: string): Promise<RecordedBottleneck | undefined>;
  /** Stores it in place of what was read, if it is still that. @returns whether it is stored. */
  put(bottleneck: Bottleneck, read: RecordedBottleneck | undefined): Promise<boolean>;
  /** Removes what was read, if it is still that. @returns whether it is gone. */
  remove(read: RecordedBottleneck): Promise<boolean>;
}

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
