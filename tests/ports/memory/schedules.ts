import type { Schedules, StoredSchedule } from '../../../src/ports/schedules.ts';

export function createMemorySchedules(): Schedules {
  const stored = new Map<string, StoredSchedule>();
  const isAsRead = (name: string, read: StoredSchedule | undefined) =>
    stored.get(name)?.version === read?.version;

  return {
    get: async (name) => structuredClone(stored.get(name)),

    list: async () => structuredClone([...stored.values()]),

    async put(schedule, read) {
      if (!isAsRead(schedule.name, read)) return false;
      const version = (read?.version ?? 0) + 1;
      stored.set(schedule.name, structuredClone({ ...schedule, version }));
      return true;
    },

    async remove(read) {
      return isAsRead(read.name, read) && stored.delete(read.name);
    },

    due: async (now) =>
      structuredClone([...stored.values()].filter(({ lookAt = Infinity }) => lookAt <= now)),
  };
}
