import type { Instant } from '../core/json.ts';
import type { Schedule, Schedules, StoredSchedule } from '../ports/schedules.ts';
import type { Item, Table } from './table.ts';
import { asRead } from './table.ts';

const SCHEDULES = 'schedules';
const DUE = 'due-schedules';

/** Whoever put a mark is done by then, or has died. */
const STRAY_AFTER_MS = 15 * 60_000;

/**
 * `pk = schedules`, `sk = <name>`: the schedule. `pk = due-schedules`, `sk = <look at>#<name>`: a mark, so that what is due is
 * found and not searched.
 *
 * A schedule's new mark is put before the schedule, and its old one deleted after it: whoever dies in between leaves a mark too
 * many, never one too few. A mark that its schedule does not know is deleted when its writer cannot be at work any more.
 */
export function createSchedules(table: Table): Schedules {
  return {
    async get(name) {
      const item = await table.get({ pk: SCHEDULES, sk: name });
      return item && scheduleIn(item);
    },

    async list() {
      const schedules: StoredSchedule[] = [];
      const query = { partition: ['pk', SCHEDULES] as const, consistent: true };
      for await (const page of table.pages(query)) schedules.push(...page.map(scheduleIn));
      return schedules;
    },

    async put(schedule, read) {
      const [mark, before] = [markOf(schedule), read && markOf(read)];
      if (mark !== undefined && mark !== before) await table.put({ pk: DUE, sk: mark });
      const version = (read?.version ?? 0) + 1;
      const { done } = await table.put(itemOf(schedule, version), asRead(read));
      if (done && before !== undefined && before !== mark)
        await table.delete({ pk: DUE, sk: before });
      return done;
    },

    async remove(read) {
      const { done } = await table.delete({ pk: SCHEDULES, sk: read.name }, asRead(read));
      const mark = markOf(read);
      if (done && mark !== undefined) await table.delete({ pk: DUE, sk: mark });
      return done;
    },

    async due(now) {
      const due: StoredSchedule[] = [];
      const query = { partition: ['pk', DUE], before: ['sk', isoOf(now + 1)] } as const;
      for await (const page of table.pages({ ...query, consistent: true })) {
        for (const { sk } of page) {
          const { name, lookAt } = readMark(String(sk));
          const item = await table.get({ pk: SCHEDULES, sk: name });
          const schedule = item && scheduleIn(item);
          if (schedule?.lookAt === lookAt) due.push(schedule);
          else if (lookAt + STRAY_AFTER_MS < now) await table.delete({ pk: DUE, sk: String(sk) });
        }
      }
      return due;
    },
  };
}

function itemOf(
  { version: _, ...schedule }: Schedule & { readonly version?: number },
  version: number,
) {
  return { pk: SCHEDULES, sk: schedule.name, version, schedule: JSON.stringify(schedule) };
}

function scheduleIn({ schedule, version }: Item): StoredSchedule {
  return { ...(JSON.parse(String(schedule)) as Schedule), version: Number(version) };
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
