import type { FailureWindows, RecordedWindow } from '../../../src/ports/failure-windows.ts';

export function createMemoryFailureWindows(): FailureWindows {
  const windows = new Map<string, RecordedWindow>();
  return {
    get: async (plugin) => windows.get(plugin),

    async put(plugin, window, _until, read) {
      if (windows.get(plugin)?.version !== read?.version) return false;
      windows.set(plugin, { window, version: (read?.version ?? 0) + 1 });
      return true;
    },

    remove: async (plugin) => void windows.delete(plugin),
  };
}
