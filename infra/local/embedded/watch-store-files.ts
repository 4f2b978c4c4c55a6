import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { StoreFailed } from './store-failure.ts';

/** Files that stay the same for as long as the stores are open, and that they hold open. */
const FILES = ['tables/LOCK', 'fauxqs.db', 'fauxqs.db-wal'];
const LOOK_MS = 250;

/**
 * Notices when the data folder, or a file of a store in it, has been removed, moved or replaced: writes to an open file
 * that has no name any more succeed, and are gone with the process.
 */
export function watchStoreFiles(folder: string, failed: StoreFailed): { stop: () => void } {
  const seen = new Map<string, string>();
  const look = () => {
    for (const path of FILES.map((file) => join(folder, file))) {
      const now = identity(path);
      const before = seen.get(path);
      if (before !== undefined && now !== before)
        return failed(`${path} has been ${now === undefined ? 'removed' : 'replaced'}`);
      if (now !== undefined) seen.set(path, now);
    }
  };
  look();
  const timer = setInterval(look, LOOK_MS).unref();
  return { stop: () => clearInterval(timer) };
}

function identity(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat && `${stat.dev} ${stat.ino}`;
}
