import type { Instant } from '../core/json.ts';
import type { RecordedSchedule, Schedule, Schedules } from '../ports/schedules.ts';
import { createRecords } from './records.ts';
import type { Table } from './table.ts';

const MARKS = 'due-schedules';

/** Whoever put a mark is done by then, or has died. */
const STRAY_AFTER_MS = 15 * 60_000;

/**
 * Records, and for each schedule a mark: `pk = due-schedules`, `sk = <look at>#<name>`, so that what is due is found and not searched.
 *
 * A schedule's new mark is put before the schedule, and its old one deleted after it: whoever dies in between leaves a mark too
 * many, never one too few. A mark that its schedule does not know is deleted when its writer cannot be at work any more.
 */
export function createSchedules(table: Table): Schedules {
  const records = createRecords<Schedule>(table, {
    ...{ partition: 'schedules', attribute: 'schedule' },
    nameOf: ({ name }) => name,
  });

  return {
    list: records.list,
    get: records.get,

    async put(schedule, read) {
      const [mark, before] = [markOf(schedule), read && markOf(read)];
      if (mark !== undefined && mark !== before) await table.put({ pk: MARKS, sk: mark });
      const isPut = await records.put(schedule, read);
      if (isPut && before !== undefined && before !== mark) await removeMark(before);
      return isPut;
    },

    async remove(read) {
      const isRemoved = await records.remove(read);
      const mark = markOf(read);
      if (isRemoved && mark !== undefined) await removeMark(mark);
      return isRemoved;
    },

    async due(now) {
      const due: RecordedSchedule[] = [];
      const query = { partition: ['pk', MARKS], before: ['sk', isoOf(now + 1)] } as const;
      for await (const page of table.pages({ ...query, consistent: true })) {
        for (const { sk } of page) {
          const { name, lookAt } = readMark(String(sk));
          const schedule = await records.get(name);
          if (schedule?.lookAt === lookAt) due.push(schedule);
          else if (lookAt + STRAY_AFTER_MS < now) await removeMark(String(sk));
        }
      }
      return due;
    },
  };

  async function removeMark(mark: string): Promise<void> {
    await table.delete({ pk: MARKS, sk: mark });
  }
}

function markOf({ name, lookAt }: Schedule): string | undefined {
  return lookAt === undefined ? undefined : `${isoOf(lookAt)}#${name}`;
}

function readMark(mark: string) {
  const [instant = '', name = ''] = mark.split('#');
  return { name, lookAt: Date.parse(instant) };
}

/** Sorts as the instants do. */
function isoOf(instant: Instant): string {
  return new Date(instant).toISOString();
}
