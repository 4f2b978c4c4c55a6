import type { SweepRecord, Waking } from '../../../src/ports/sweep-record.ts';

export function createMemorySweepRecord(): SweepRecord {
  let waking: Waking | undefined;

  return {
    read: async () => waking,
    async write(next) {
      waking = structuredClone(next);
    },
    async clear() {
      waking = undefined;
    },
  };
}
