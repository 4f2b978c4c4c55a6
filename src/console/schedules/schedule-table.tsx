import { Due } from '../elements/age.tsx';
import { Status } from '../elements/status.tsx';
import { type Column, TableHead } from '../elements/table-head.tsx';
import type { ScheduleSummary } from '../messages.ts';
import { to } from '../router.ts';
import { RunLine } from './run-line.tsx';
import { orderedText, scheduleStatusWords, timingText } from './schedule-words.ts';

const COLUMNS: readonly Column[] = [
  ['Schedule'],
  ['Status'],
  ['Orders', 'wide'],
  ['Next run'],
  ['Latest run', 'wide'],
];

export function ScheduleTable({ schedules }: { readonly schedules: readonly ScheduleSummary[] }) {
  return (
    <table>
      <caption class="hidden">Schedules by name</caption>
      <TableHead columns={COLUMNS} />
      <tbody>
        {schedules.map((schedule) => (
          <tr key={schedule.name}>
            <td>
              <a class="row-link" href={to(`/schedules/${schedule.name}`)}>
                {schedule.name}
              </a>
              <span class="below dim">{timingText(schedule)}</span>
            </td>
            <td>
              <Status words={scheduleStatusWords(schedule)} />
            </td>
            <td class="wide">{orderedText(schedule)}</td>
            <td>{schedule.nextRunAt === undefined ? '–' : <Due at={schedule.nextRunAt} />}</td>
            <td class="wide">
              {schedule.lastRun === undefined ? (
                <span class="dim">none yet</span>
              ) : (
                <RunLine run={schedule.lastRun} />
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
