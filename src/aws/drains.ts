import type { Instant } from '../core/json.ts';
import type { Table } from './table.ts';

const PARTITION = 'drains';

/** A plugin that retires, and the stack that waits for the end of it. */
export interface Drain {
  readonly plugin: string;
  readonly queueUrl: string;
  readonly since: Instant;
  /** Where and how to answer CloudFormation's request. */
  readonly reply: {
    readonly ResponseURL: string;
    readonly StackId: string;
    readonly RequestId: string;
    readonly LogicalResourceId: string;
  };
}

export interface Drains {
  list(): Promise<readonly Drain[]>;
  /** In place of an earlier one of the plugin. */
  put(drain: Drain): Promise<void>;
  remove(plugin: string): Promise<void>;
}

/** `pk = drains`, `sk = <plugin>`. */
export function createDrains(table: Table): Drains {
  return {
    async list() {
      const drains: Drain[] = [];
      const query = { partition: ['pk', PARTITION] as const, consistent: true };
      for await (const page of table.pages(query)) {
        drains.push(...page.map(({ drain }) => JSON.parse(String(drain)) as Drain));
      }
      return drains;
    },

    async put(drain) {
      await table.put({ pk: PARTITION, sk: drain.plugin, drain: JSON.stringify(drain) });
    },

    async remove(plugin) {
      await table.delete({ pk: PARTITION, sk: plugin });
    },
  };
}
