import type { FailureWindow } from '../core/failure-window.ts';
import type { FailureWindows } from '../ports/failure-windows.ts';
import type { Table } from './table.ts';
import { asRead } from './table.ts';

const PARTITION = 'failures';

/** `pk = failures`, `sk = <plugin>`, `window`: JSON, `version`, `expiresAt`. */
export function createFailureWindows(table: Table): FailureWindows {
  return {
    async get(plugin) {
      const item = await table.get({ pk: PARTITION, sk: plugin });
      if (item === undefined) return undefined;
      const window = JSON.parse(String(item.window)) as FailureWindow;
      return { window, version: Number(item.version) };
    },

    async put(plugin, window, until, read) {
      const item = {
        ...{ pk: PARTITION, sk: plugin, version: (read?.version ?? 0) + 1 },
        ...{ window: JSON.stringify(window), expiresAt: Math.ceil(until / 1000) },
      };
      return (await table.put(item, asRead(read))).done;
    },

    async remove(plugin) {
      await table.delete({ pk: PARTITION, sk: plugin });
    },
  };
}
