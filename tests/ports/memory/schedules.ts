import type { Schedule, Schedules } from '../../../src/ports/schedules.ts';
import { createMemoryRecords } from './records.ts';

export function createMemorySchedules(): Schedules {
  const records = createMemoryRecords<Schedule>(({ name }) => name);

  return {
    ...records,
    due: async (now) => (await records.list()).filter(({ lookAt = Infinity }) => lookAt <= now),
  };
}
